import { join } from 'node:path'
import type { Logger } from 'pino'
import { EventStreams } from './bus/event-streams.js'
import type { Notices } from './bus/notices.js'
import { chosenPacks, speechService } from './chosen-packs.js'
import type { Config } from './config/schema.js'
import { createTextThreads, type TextThreads } from './domain/text-work/text-threads.js'
import { type Clock, systemClock } from './lib/clock.js'
import type { Closers } from './lib/closers.js'
import { createMediaTools } from './media/ffmpeg/create-media-tools.js'
import { createModels } from './models/create-models.js'
import type { Models } from './models/models.js'
import { defaultModelsDir } from './models/models-dir.js'
import { checkEvent } from './sessions/validators.js'
import type { ServerBlobs } from './storage/blobs.js'
import { folderBlobs } from './storage/folder/blobs.js'
import type { ServerStore } from './storage/server-store.js'
import { openSqliteStore } from './storage/sqlite/open.js'

/** The parts every role needs. Each process has its own. */
export interface Parts {
  readonly config: Config
  readonly store: ServerStore
  readonly blobs: ServerBlobs
  readonly notices: Notices
  readonly streams: EventStreams
  readonly media: ReturnType<typeof createMediaTools>
  readonly models: Models
  readonly text: TextThreads
  readonly clock: Clock
  readonly logger: Logger
}

interface OpenPartsOptions {
  readonly config: Config
  readonly logger: Logger
  readonly notices: Notices
  /** Threads for long queries, in processes whose event loop must not be blocked. */
  readonly queryThreads: number
  /** Closes them in reverse order. */
  readonly closers: Closers
}

/** Opens the database and the other shared parts. Models and threads start on first use. */
export async function openParts({ config, logger, notices, queryThreads, closers }: OpenPartsOptions): Promise<Parts> {
  closers.add(notices)
  const clock = systemClock
  const check = config.checkOutput ? checkEvent : undefined
  const file = databaseFile(config)
  const retention = {
    topicEvents: config.eventLogTopicEvents,
    topicBytes: config.eventLogTopicBytes,
    totalBytes: config.eventLogBytes,
    ageMs: config.eventLogHours * 3_600_000,
  }
  const store = closers.add(await openSqliteStore({ file, clock, logger, retention, checkEvent: check, queryThreads }))
  store.log.onAppended(() => notices.send({ kind: 'log' }))
  const streams = new EventStreams({ notices, eventsOf: tenant => store.for(tenant).events, clock, check })
  const media = mediaToolsOf(config)
  const models = closers.add(
    createModels({
      dir: config.modelsDir || defaultModelsDir(),
      chosen: chosenPacks(config),
      transcription: speechService(config),
      threads: config.threads,
      idleMs: config.modelIdleSeconds * 1000,
    }),
  )
  const text = closers.add(createTextThreads())
  const blobs = folderBlobs(config.dataDir)
  return { config, store, blobs, notices, streams, media, models, text, clock, logger }
}

/** The programs that read media; they are looked for when they are first used. */
export function mediaToolsOf({ ffmpegPath, ffprobePath }: Pick<Config, 'ffmpegPath' | 'ffprobePath'>) {
  return createMediaTools({ ffmpegPath, ffprobePath, searchPath: process.env['PATH'] })
}

export function databaseFile({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'cuewire.db')
}
