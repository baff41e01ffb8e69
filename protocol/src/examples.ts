import type { Chat, ChatMessage } from './entities/chat.js'
import type { Video } from './entities/library.js'
import type { Job, JobState, StageStatus } from './entities/processing.js'
import type { SearchHit } from './entities/search.js'
import type { Principal, ServerLimits } from './hello.js'

/** Values the examples of the tables share, so that the reference tells one story. */
export const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'
export const JOB_ID = '01JD7Z0V9GQ5C3H8P2E6YW4S7D'
export const CHAT_ID = '01JD7Z4Q2B7M9K1T3X5V8N6RCE'
export const QUESTION_ID = '01JD7Z4S8F4D2G6J9W1Q3H5YKT'
export const ANSWER_ID = '01JD7Z4S8G7P5N3M1R9V6X2BTC'
export const AT = '2026-11-23T09:30:00.000Z'

export const VIDEO: Video = {
  id: VIDEO_ID,
  title: 'Harbour',
  filename: 'harbour.mp4',
  state: 'ready',
  sizeBytes: 4_812_345,
  media: {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    duration: 83.4,
    video: { codec: 'h264', width: 1280, height: 720, frameRate: 25, rotation: 0 },
    audio: { codec: 'aac', sampleRate: 48_000, channels: 2, language: 'eng' },
    subtitles: [],
    chapters: [],
  },
  jobId: JOB_ID,
  createdAt: AT,
  updatedAt: AT,
}

const PROBED: StageStatus = { name: 'probe', state: 'completed', elapsedMs: 61 }
const OBJECTS = { name: 'objects', model: 'objects-centernet@1.2.0' } as const
const OF_JOB = { id: JOB_ID, videoId: VIDEO_ID, createdAt: AT }
const STARTED = { ...OF_JOB, attempt: 1, startedAt: AT }

/** The job of the examples in each of its states. */
export const JOBS: Readonly<Record<JobState, Job>> = {
  queued: {
    ...OF_JOB,
    state: 'queued',
    attempt: 0,
    progress: 0,
    stages: [
      { name: 'probe', state: 'pending' },
      { name: 'objects', state: 'pending' },
    ],
  },
  running: {
    ...STARTED,
    state: 'running',
    progress: 0.42,
    stages: [
      PROBED,
      {
        ...OBJECTS,
        state: 'running',
        progress: { done: 31.2, total: 83.4, unit: 'seconds', speed: 14.8, etaMs: 3527 },
        counts: { framesAnalysed: 18, framesUnchanged: 13 },
      },
    ],
  },
  completed: {
    ...STARTED,
    state: 'completed',
    progress: 1,
    stages: [
      PROBED,
      { ...OBJECTS, state: 'completed', counts: { framesAnalysed: 49, framesUnchanged: 34 }, elapsedMs: 5612 },
    ],
    finishedAt: '2026-11-23T09:30:05.700Z',
    speed: 14.6,
  },
  failed: {
    ...STARTED,
    state: 'failed',
    progress: 0.42,
    stages: [
      PROBED,
      { ...OBJECTS, state: 'failed', code: 'stage.failed', reason: 'inference thread 1 ended with code 1' },
    ],
    error: { code: 'stage.failed', message: 'inference thread 1 ended with code 1', retryable: true },
    finishedAt: '2026-11-23T09:30:02.400Z',
  },
  cancelled: {
    ...STARTED,
    state: 'cancelled',
    progress: 0.42,
    stages: [PROBED, { ...OBJECTS, state: 'cancelled' }],
    finishedAt: '2026-11-23T09:30:02.400Z',
  },
}

export const HIT: SearchHit = {
  rank: 1,
  band: 'high',
  videoId: VIDEO_ID,
  videoTitle: 'Harbour',
  start: 31.48,
  end: 34.02,
  text: 'The boats leave before dawn.',
  why: [{ modality: 'transcript', text: 'The boats leave before dawn.', terms: ['boats'] }],
}

export const CHAT: Chat = {
  id: CHAT_ID,
  title: 'Harbour',
  videoIds: [VIDEO_ID],
  createdBy: 'ada',
  createdAt: AT,
  updatedAt: AT,
}

export const QUESTION: ChatMessage = {
  id: QUESTION_ID,
  chatId: CHAT_ID,
  role: 'user',
  text: 'When do the boats leave?',
  state: 'completed',
  citations: [],
  createdAt: AT,
}

export const ANSWER: ChatMessage = {
  id: ANSWER_ID,
  chatId: CHAT_ID,
  role: 'assistant',
  text: 'The boats leave before dawn. [1]',
  state: 'completed',
  citations: [
    {
      number: 1,
      modality: 'transcript',
      videoId: VIDEO_ID,
      start: 31.48,
      end: 34.02,
      quote: 'The boats leave before dawn.',
    },
  ],
  confidence: 'high',
  abstained: false,
  createdAt: AT,
}

export const SERVER_LIMITS: ServerLimits = {
  frameBytes: 524_288,
  inFlight: 64,
  subscriptions: 256,
  uploadBytes: 4_294_967_296,
  openUploads: 1000,
  depth: 16,
  values: 4096,
  commandsPerSecond: 200,
  commandBurst: 400,
  idempotencyMs: 600_000,
  firstFrameMs: 60_000,
}

export const PRINCIPAL: Principal = {
  subject: 'ada',
  tenant: 'default',
  scopes: ['read', 'write', 'chat'],
  expiresAt: '2026-11-23T10:30:00.000Z',
}
