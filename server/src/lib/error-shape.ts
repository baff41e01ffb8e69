import { ERROR_CODES, type ErrorShape } from '@cuewire/protocol'
import type { AppError } from './app-error.js'

/** Longest message the protocol carries. */
const MAX_MESSAGE = 2000

/** An error as clients see it. */
export function errorShape({ code, message, retryAfterMs }: AppError): ErrorShape {
  return {
    code,
    message: message.slice(0, MAX_MESSAGE),
    retryable: ERROR_CODES[code].retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}
