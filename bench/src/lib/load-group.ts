import { LoadConnection, type Target } from './load-connection.js'
import { pause } from './pause.js'

const OPEN_TIMEOUT_MS = 10_000
const SETTLE_TIMEOUT_MS = 10_000

/** The connections of one measurement. The first that fails aborts `signal`, and with it the measurement. */
export class LoadGroup {
  readonly connections: readonly LoadConnection[]
  readonly signal: AbortSignal
  private readonly failure = new AbortController()
  private opened = 0

  private constructor(target: Target, count: number, signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.failure.signal])
    this.connections = Array.from(
      { length: count },
      () =>
        new LoadConnection(target, {
          open: () => this.opened++,
          failure: error => this.failure.abort(error),
        }),
    )
  }

  /** Runs `use` with `count` open connections, then waits for the replies still under way and closes them all. */
  static async with<T>(
    { target, count, signal }: { readonly target: Target; readonly count: number; readonly signal: AbortSignal },
    use: (group: LoadGroup) => Promise<T>,
  ): Promise<T> {
    const group = new LoadGroup(target, count, signal)
    try {
      await group.until(OPEN_TIMEOUT_MS, 'connections to open', () => group.opened === count)
      const result = await use(group)
      await group.settled()
      return result
    } finally {
      for (const connection of group.connections) connection.close()
    }
  }

  get sent(): number {
    return this.connections.reduce((sum, connection) => sum + connection.sent, 0)
  }

  get received(): number {
    return this.connections.reduce((sum, connection) => sum + connection.received, 0)
  }

  /** Waits until every command sent has its reply. */
  async settled(): Promise<void> {
    await this.until(SETTLE_TIMEOUT_MS, 'a reply to every command', () => this.sent === this.received)
  }

  private async until(timeoutMs: number, what: string, done: () => boolean): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!done()) {
      if (performance.now() > deadline) {
        throw new Error(`waited ${timeoutMs} ms for ${what}: ${this.received} replies to ${this.sent} commands`)
      }
      await pause(2, this.signal)
    }
  }
}
