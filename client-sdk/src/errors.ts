import type { ErrorDetail, ErrorShape } from '#protocol'

/** Base of every error this package throws, except the `reason` of a signal the caller aborted. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError'
  /** True when the same call may succeed later, unchanged. */
  readonly retryable: boolean = false
}

interface LostCommand {
  readonly cause?: unknown
  /** Idempotency key of the mutating command that got no answer: give it again when you retry. */
  readonly key?: string | undefined
}

interface LostConnection extends LostCommand {
  readonly retryable: boolean
  readonly closeCode?: number
  readonly status?: number
  readonly code?: string
}

/** The connection failed or was lost. The command it ended may or may not have been carried out. */
export class ConnectionError extends ClientError {
  override readonly name = 'ConnectionError'
  override readonly retryable: boolean
  /** The WebSocket close code, when there was one. */
  readonly closeCode: number | undefined
  /** The HTTP status, when the handshake was answered with one and the platform tells it: Node does, browsers do not. */
  readonly status: number | undefined
  /** The error code of the server in that answer. */
  readonly code: ErrorShape['code'] | (string & {}) | undefined
  readonly key: string | undefined

  constructor(message: string, options: LostConnection) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.retryable = options.retryable
    this.closeCode = options.closeCode
    this.status = options.status
    this.code = options.code
    this.key = options.key
  }
}

/** The server did not answer in time. The command may still be carried out. */
export class TimeoutError extends ClientError {
  override readonly name = 'TimeoutError'
  override readonly retryable = true
  readonly key: string | undefined

  constructor(message: string, options: LostCommand = {}) {
    super(message)
    this.key = options.key
  }
}

/** The server refused; `code` is one of the error codes of the protocol, or one a newer server added. */
export class RemoteError extends ClientError {
  override readonly name = 'RemoteError'
  override readonly retryable: boolean
  readonly code: ErrorShape['code'] | (string & {})
  /** Where the input is at fault, as JSON pointers into the frame. */
  readonly details: readonly ErrorDetail[]
  readonly retryAfterMs: number | undefined

  constructor(error: Omit<ErrorShape, 'code'> & { readonly code: string }) {
    const faults = (error.details ?? []).map(({ pointer, message }) => `${pointer || '/'} ${message}`)
    super([`${error.code}: ${error.message}`, ...faults].join('\n  '))
    this.code = error.code
    this.retryable = error.retryable
    this.details = error.details ?? []
    this.retryAfterMs = error.retryAfterMs
  }
}

/** For commands that may fail: ignores our own errors and rethrows all others. */
export function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ClientError)) throw error
}
