import { ERROR_CODES, type ErrorShape, LIMITS } from '@cuewire/protocol'
import type { AppError } from './app-error.js'
import { toText } from './text.js'

/** An error as clients see it. */
export function errorShape({ code, message, retryAfterMs }: AppError): ErrorShape {
  return {
    code,
    message: toText(message, LIMITS.messageLength),
    retryable: ERROR_CODES[code].retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}
