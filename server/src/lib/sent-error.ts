import type { ErrorCode } from '@cuewire/protocol'
import { AppError } from './app-error.js'

/** An error as it goes from one thread or process to another. */
export interface SentError {
  /** Undefined for what is no AppError. */
  readonly code: ErrorCode | undefined
  readonly message: string
  /** For the log. */
  readonly cause: string | undefined
}

export function toSentError(error: unknown): SentError {
  if (error instanceof AppError) return { code: error.code, message: error.message, cause: textOf(error.cause) }
  return { code: undefined, message: textOf(error) ?? 'undefined', cause: undefined }
}

export function fromSentError({ code, message, cause }: SentError): Error {
  return code ? new AppError(code, message, { cause: cause && new Error(cause) }) : new Error(message)
}

function textOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
