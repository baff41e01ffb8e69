import type { EventData } from '#protocol'
import { SOCKET_PATH } from '#protocol/version'
import { checkNumber } from './check-number.js'
import { ClientError } from './errors.js'
import type { SocketConstructor } from './platform/socket.js'

/**
 * State of the client. `expiring`: still open, but its token could not be renewed because of `cause`. The client tries
 * again; the state becomes `open` on success, and the connection is lost at `expiresAt` otherwise. `closed` is final;
 * its `error` is absent after `client.close()`.
 */
export type ClientState =
  | { readonly status: 'open'; readonly hello: EventData<'hello'> }
  | { readonly status: 'expiring'; readonly expiresAt: string; readonly cause: ClientError }
  | { readonly status: 'reconnecting'; readonly attempt: number; readonly delayMs: number; readonly cause: ClientError }
  | { readonly status: 'closed'; readonly error?: ClientError }

export interface ReconnectOptions {
  /** Upper bound of the first delay. @default 250 */
  readonly baseMs?: number
  /** Upper bound of every delay. @default 20000 */
  readonly capMs?: number
  /** Failed attempts in a row after which the client gives up and closes. @default Infinity */
  readonly maxAttempts?: number
}

export interface ConnectOptions {
  /** Address of the server: `http`, `https`, `ws` or `wss`; without a path, `/v1/socket` is meant. */
  readonly url: string | URL
  /**
   * Token of a server with authentication, or a function that gets one: it is asked again for each connection, for
   * each request of an upload, and to renew the token of an open connection, when a third of its life is left but not
   * before its last minute. A plain string must outlive the client.
   */
  readonly token?: string | (() => string | Promise<string>)
  /** Aborts the first connection attempt; it does not close the client later. */
  readonly signal?: AbortSignal
  /** How long opening a socket may take, up to the server's `hello`. @default 10000 */
  readonly connectTimeoutMs?: number
  /** How long a command may take, the wait for a lost connection included. @default 30000 */
  readonly timeoutMs?: number
  /**
   * How often a command is sent again that the server refused with `retryAfterMs`: after that time, with the same key,
   * if its `timeoutMs` lets it. Two refusals are about the connection and not counted: after `limit.rate` every command
   * waits until there is room again, after `server.draining` for the next connection. 0: all are thrown. @default 3
   */
  readonly maxRetries?: number
  /** Commands that may wait to be sent, while offline or over the server's in-flight limit. @default 1000 */
  readonly maxQueued?: number
  readonly reconnect?: ReconnectOptions
  /**
   * Retries the first connection with the delays of `reconnect` instead of rejecting, for a client that may start
   * before its server. Ends with `signal`, or with a failure that a retry cannot fix, such as another protocol version.
   * @default false
   */
  readonly retryFirstConnect?: boolean
  /** Called on every change of state. */
  readonly onState?: (state: ClientState) => void
  /** Called when this client reads too slowly, so that the server may drop and coalesce events. */
  readonly onLagging?: (data: EventData<'lagging'>) => void
  /** A WebSocket class to use in place of the platform's own. */
  readonly WebSocket?: SocketConstructor
  /** A fetch function for uploads in place of the platform's own. */
  readonly fetch?: typeof globalThis.fetch
}

/** Options with every default filled in. */
export interface Settings {
  readonly socketUrl: string
  /** Prefix of the HTTP routes, without a slash at its end. */
  readonly httpUrl: string
  /** Returns a valid token; undefined if none is sent. */
  readonly token: (() => Promise<string>) | undefined
  readonly connectTimeoutMs: number
  readonly timeoutMs: number
  readonly maxRetries: number
  readonly maxQueued: number
  readonly reconnect: Required<ReconnectOptions>
  readonly retryFirstConnect: boolean
  readonly onState: (state: ClientState) => void
  readonly onLagging: (data: EventData<'lagging'>) => void
  readonly WebSocket: SocketConstructor | undefined
  readonly fetch: typeof globalThis.fetch
}

/**
 * Runs a caller's callback in a separate microtask, so that an exception in it is reported and does not affect the
 * client.
 */
const apart =
  <T>(callback: ((value: T) => void) | undefined) =>
  (value: T): void => {
    if (callback) queueMicrotask(() => callback(value))
  }

/** The socket's address and the prefix of the HTTP routes, from any address of the server. */
export function serverUrls(address: string | URL): { socketUrl: string; httpUrl: string } {
  if (!URL.canParse(address)) {
    throw new ClientError(`url "${String(address)}" is not an address; give one like "ws://127.0.0.1:8787"`)
  }
  const url = new URL(address)
  if (!/^(https?|wss?):$/.test(url.protocol)) {
    throw new ClientError(`url must start with http, https, ws or wss, not "${url.protocol}"`)
  }
  const scheme = url.protocol.replace(/^http/, 'ws')
  const path = url.pathname === '/' ? SOCKET_PATH : url.pathname
  const prefix = path.endsWith(SOCKET_PATH) ? path.slice(0, -SOCKET_PATH.length) : ''
  return {
    socketUrl: `${scheme}//${url.host}${path}${url.search}`,
    httpUrl: `${scheme.replace(/^ws/, 'http')}//${url.host}${prefix}`,
  }
}

/** Checks the options and fills in the defaults. */
export function resolveOptions(options: ConnectOptions): Settings {
  const { reconnect = {}, token } = options
  return {
    ...serverUrls(options.url),
    token: token === undefined ? undefined : async () => (typeof token === 'string' ? token : token()),
    connectTimeoutMs: checkNumber('connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    timeoutMs: checkNumber('timeoutMs', options.timeoutMs ?? 30_000),
    maxRetries: checkNumber('maxRetries', options.maxRetries ?? 3),
    maxQueued: checkNumber('maxQueued', options.maxQueued ?? 1000),
    reconnect: {
      baseMs: checkNumber('reconnect.baseMs', reconnect.baseMs ?? 250),
      capMs: checkNumber('reconnect.capMs', reconnect.capMs ?? 20_000),
      maxAttempts: checkNumber(
        'reconnect.maxAttempts',
        reconnect.maxAttempts ?? Number.POSITIVE_INFINITY,
        0,
        Number.POSITIVE_INFINITY,
      ),
    },
    retryFirstConnect: options.retryFirstConnect ?? false,
    onState: apart(options.onState),
    onLagging: apart(options.onLagging),
    WebSocket: options.WebSocket,
    // Called through globalThis each time: fetch must keep its receiver, and a page may replace it.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}
