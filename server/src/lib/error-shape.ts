import { ERROR_CODES, type ErrorCode, type ErrorDetail, type ErrorShape, LIMITS } from '@cuewire/protocol'
import { toText } from './text.js'

/**
 * The reason for a refusal. An AppError is one too, but a plain object has no stack trace to build, which matters in a
 * flood.
 */
export interface Fault {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number | undefined
  /** Each fault of an input, as JSON pointers. */
  readonly details?: readonly ErrorDetail[] | undefined
}

/** An error in its wire shape. Written without spreads to stay cheap in a flood of refusals. */
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
