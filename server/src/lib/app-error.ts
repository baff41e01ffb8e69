import type { ErrorCode } from '@cuewire/protocol'

/** A failure a client may be told of. The message is safe to send; the cause is for the log. */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfterMs?: number },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.retryAfterMs = options?.retryAfterMs
  }

  readonly retryAfterMs: number | undefined
}

/** Any thrown value as an AppError; what is not one becomes `server.internal` and keeps its cause for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('server.internal', 'An unexpected fault; see the server log.', { cause: error })
}
