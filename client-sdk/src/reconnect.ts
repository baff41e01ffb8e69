import type { Closed, Connection, Hello } from './connection.js'
import type { ConnectionError } from './errors.js'
import type { ReconnectOptions, Settings } from './options.js'
import { sleep } from './sleep.js'
import { waitFor } from './wait-for.js'

/** A server is often back within a second or two. With this growth an attempt comes soon after, where 2 would wait as long again. */
const GROWTH = 1.5

/**
 * Exponential backoff with full jitter: uniform between 0 and `baseMs` x `GROWTH`^attempt, capped, so that the clients of a
 * server that went down do not all come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, limits: { readonly baseMs: number; readonly capMs: number }): number {
  return Math.random() * Math.min(limits.capMs, limits.baseMs * GROWTH ** Math.min(attempt, 50))
}

/** Delay before attempt `attempt` (0 after a stable connection); undefined: do not reconnect. */
export function reconnectDelayMs(
  closed: Closed,
  attempt: number,
  options: Required<ReconnectOptions>,
): number | undefined {
  if (closed.verdict === 'fatal' || attempt >= options.maxAttempts) return undefined
  if (closed.reconnectAfterMs !== undefined) return closed.reconnectAfterMs
  // Only once, to avoid hammering a server that closes each new connection this way.
  if (closed.verdict === 'reconnect-now' && attempt === 0) return 0
  return backoffMs(attempt, options)
}

interface FirstAttempt {
  readonly open: () => Connection
  readonly settings: Settings
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined
}

/** Opens the first connection and waits for `hello`; a failure is final unless the settings say otherwise. */
export async function firstConnection({ open, settings, signal }: FirstAttempt): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    const connection = open()
    try {
      await waitFor(connection.opened, { signal })
      return connection
    } catch (error) {
      connection.close()
      if (signal?.aborted || !settings.retryFirstConnect) throw error
    }
    const closed = await connection.closed
    const delayMs = reconnectDelayMs(closed, attempt, settings.reconnect)
    if (delayMs === undefined) throw closed.error
    settings.onState({ status: 'reconnecting', attempt: attempt + 1, delayMs, cause: closed.error })
    await sleep(delayMs, signal)
    signal?.throwIfAborted()
  }
}

/** A connection open this long counts as stable: the next attempt is the first again. */
const HELD_MS = 1000

interface Upkeep {
  readonly open: () => Connection
  readonly settings: Settings
  /** Aborted when the client is closed. */
  readonly signal: AbortSignal
  readonly onOpen: (connection: Connection, hello: Hello) => void
  readonly onLost: (error: ConnectionError) => void
}

/**
 * Opens a new connection whenever the last one ends, until the signal is aborted or a close forbids it. Resolves
 * with the error that ended it; with nothing after an abort.
 */
export async function keepConnected(first: Connection, upkeep: Upkeep): Promise<ConnectionError | undefined> {
  const { open, settings, signal, onOpen, onLost } = upkeep
  let connection = first
  signal.addEventListener('abort', () => connection.close())
  for (let attempt = 0; ; attempt++) {
    const startedAt = performance.now()
    await connection.opened.then(
      hello => onOpen(connection, hello),
      // `closed` tells of the same failure, with its verdict.
      () => undefined,
    )
    const closed = await connection.closed
    onLost(closed.error)
    if (signal.aborted) return undefined
    if (performance.now() - startedAt >= HELD_MS) attempt = 0
    const delayMs = reconnectDelayMs(closed, attempt, settings.reconnect)
    if (delayMs === undefined) return closed.error
    settings.onState({ status: 'reconnecting', attempt: attempt + 1, delayMs, cause: closed.error })
    await sleep(delayMs, signal)
    if (signal.aborted) return undefined
    connection = open()
  }
}
