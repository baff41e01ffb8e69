import type { ErrorCode, ErrorDetail } from '@cuewire/protocol'
import type { Fault } from './error-shape.js'

/** An error that may be sent to a client. The message is safe to send; the cause is only logged. */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: {
      readonly cause?: unknown
      readonly retryAfterMs?: number | undefined
      readonly details?: readonly ErrorDetail[] | undefined
    },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.retryAfterMs = options?.retryAfterMs
    this.details = options?.details
  }

  readonly retryAfterMs: number | undefined
  /** Each fault of an input, as JSON pointers. */
  readonly details: readonly ErrorDetail[] | undefined
}

/** A fault as an error to throw. */
export function errorOf({ code, message, retryAfterMs, details }: Fault): AppError {
  return new AppError(code, message, { retryAfterMs, details })
}

/** Codes by which the system and SQLite report a full disk. */
const DISK_FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL']

/** Whether an error means that the disk is full. */
export function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && DISK_FULL.includes(error.code)
}

/**
 * Converts any thrown value to an AppError. Unknown errors become `server.disk_full` or `server.internal`, and keep
 * their cause for the log.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isDiskFull(error)) {
    return new AppError('server.disk_full', 'The disk of the server is full; try again once there is room.', {
      cause: error,
    })
  }
  return new AppError('server.internal', 'An unexpected fault; see the server log.', { cause: error })
}
