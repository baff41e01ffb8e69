import { ERROR_CODES, type ErrorCode, type ErrorDetail, type ErrorShape, LIMITS } from '@cuewire/protocol'
import { toText } from './text.js'

/** Why something was refused. An AppError is one; a plain object costs no stack trace, which counts in a flood. */
export interface Fault {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number | undefined
  /** Each fault of an input, as JSON pointers. */
  readonly details?: readonly ErrorDetail[] | undefined
}

/** An error as clients see it. Written without spreads: a flood of refusals must be cheap. */
export function errorShape({ code, message, retryAfterMs, details }: Fault): ErrorShape {
  const shape: ErrorShape = {
    code,
    message: toText(message, LIMITS.messageLength),
    retryable: ERROR_CODES[code].retryable,
  }
  if (retryAfterMs !== undefined) shape.retryAfterMs = retryAfterMs
  if (details) shape.details = [...details]
  return shape
}
