import type {
  Chapter,
  ChatMessage,
  FrameDetections,
  Job,
  LabelSummary,
  TranscriptSegment,
  Video,
} from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'

const ulid = monotonicFactory()

/** A new id. */
export const newId = (): string => ulid()

/** A wall-clock time that many seconds after a fixed moment. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 23, 9, 0, seconds)).toISOString()

/** A video that is queued, of 60 s. */
export function aVideo(change: Partial<Video> = {}): Video {
  return {
    id: newId(),
    title: 'Harbour',
    filename: 'harbour.mp4',
    state: 'queued',
    sizeBytes: 1000,
    media: {
      container: 'mov,mp4',
      duration: 60,
      video: { codec: 'h264', width: 1280, height: 720, frameRate: 25, rotation: 0 },
      subtitles: [],
      chapters: [],
    },
    createdAt: at(0),
    updatedAt: at(0),
    ...change,
  }
}

/** A queued job with one stage. */
export function aJob(videoId: string, change: Partial<Job> = {}): Job {
  return {
    id: newId(),
    videoId,
    state: 'queued',
    attempt: 0,
    progress: 0,
    stages: [{ name: 'probe', state: 'pending' }],
    createdAt: at(0),
    ...change,
  }
}

/** A sentence of one second that starts at second `index`. */
export function aSegment(index: number, text: string): TranscriptSegment {
  const words = text.split(' ').map(word => ({ text: word, start: index, end: index + 1, confidence: 0.9 }))
  return { index, start: index, end: index + 1, text, confidence: 0.9, source: 'speech', language: 'en', words }
}

/** A frame with one box for each label. */
export function aFrame(at: number, ...labels: string[]): FrameDetections {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }
  return { at, objects: labels.map(label => ({ label, confidence: 0.5, box })) }
}

/** A label seen for a second, `count` times. */
export function aLabel(label: string, count: number): LabelSummary {
  const spans = Array.from({ length: count }, (_, at) => ({ start: 100_000 + at * 2.5, end: 100_001 + at * 2.5 }))
  return { label, frames: count, maxCount: 1, confidence: 0.7, band: 'medium', spans }
}

/** A chapter of ten seconds. */
export function aChapter(index: number, title: string, change: Partial<Chapter> = {}): Chapter {
  return { index, start: index * 10, end: index * 10 + 10, title, keywords: ['tide'], ...change }
}

/** A question in a chat. */
export function aMessage(chatId: string, change: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: newId(),
    chatId,
    role: 'user',
    text: 'When do the boats leave?',
    state: 'completed',
    citations: [],
    createdAt: at(1),
    ...change,
  }
}
