import type { EventLog } from '../storage/event-log.js'
import type { EventStreams } from './event-streams.js'
import type { Notices } from './notices.js'

/** Events read at a time: about a millisecond of work. */
const PAGE = 200

interface LogFollowerOptions {
  readonly notices: Notices
  readonly log: EventLog
  readonly streams: EventStreams
  readonly logger: { error(data: object, message: string): void }
  /** How often the log is polled. Other processes write to it too, and a notice may be lost. */
  readonly lookMs: number
}

/** Passes the events of the log to the streams as soon as they are written, each once and in order. */
export class LogFollower {
  #seen = 0
  #reading: Promise<void> | undefined
  #again = false
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly options: LogFollowerOptions) {}

  /** Starts after the newest event. Earlier events are read by those who ask for them. */
  async start(): Promise<void> {
    const { log, notices, lookMs } = this.options
    this.#seen = await log.newest()
    notices.listen(notice => {
      if (notice.kind === 'log') this.look()
    })
    this.#timer = setInterval(() => this.look(), lookMs)
    this.#timer.unref()
  }

  /** Checks whether the log has grown. */
  look(): void {
    this.#again = true
    this.#reading ??= this.#read()
      .catch((error: unknown) => this.options.logger.error({ err: error }, 'the log of events could not be read'))
      .finally(() => {
        this.#reading = undefined
        // Called again after the last read but before it ended.
        if (this.#again && !this.#closed) this.look()
      })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#reading
  }

  async #read(): Promise<void> {
    const { log, streams } = this.options
    while (this.#again && !this.#closed) {
      this.#again = false
      if (!streams.isHeard) {
        this.#seen = await log.newest()
        continue
      }
      const events = await log.after(this.#seen, PAGE)
      for (const event of events) {
        this.#seen = event.id
        streams.deliver(event)
      }
      if (events.length === PAGE) this.#again = true
    }
  }
}
