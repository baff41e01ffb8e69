import { TextThread } from './text-thread.js'
import type { TextWork } from './text-work.js'

/** The threads of the server that work on text. */
export interface TextThreads {
  /** For work a client is waiting for. */
  readonly commands: TextWork
  /** For jobs, whose sentences and chapters of hours of video may take seconds. */
  readonly jobs: TextWork
  close(): Promise<void>
}

const COMMAND_DEADLINE_MS = 30_000
const JOB_DEADLINE_MS = 180_000
const MAX_WAITING = 200
/** The language model takes some 60 MB, which only the thread for commands keeps. */
const IDLE_MS = 60_000

/** Creates the threads. Each starts with its first call. */
export function createTextThreads(): TextThreads {
  const common = { maxWaiting: MAX_WAITING }
  const commands = new TextThread({ ...common, label: 'text-commands', deadlineMs: COMMAND_DEADLINE_MS })
  const jobs = new TextThread({ ...common, label: 'text-jobs', deadlineMs: JOB_DEADLINE_MS, idleMs: IDLE_MS })
  return {
    commands,
    jobs,
    close: async () => {
      await Promise.all([commands.close(), jobs.close()])
    },
  }
}
