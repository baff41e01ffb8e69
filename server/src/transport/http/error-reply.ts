import { ERROR_CODES } from '@cuewire/protocol'
import type { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { Headers } from './channel.js'

/** An AppError as an HTTP reply: `application/problem+json` (RFC 9457) with our code. */
export function errorReply(error: AppError): { status: number; headers: Headers; body: string } {
  const { status } = ERROR_CODES[error.code]
  const { code, message, retryable, retryAfterMs, details } = errorShape(error)
  const retryAfter = retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...retryAfter, ...challenge },
    body: JSON.stringify({
      type: 'about:blank',
      title: code,
      status,
      code,
      detail: message,
      retryable,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(details && { details }),
    }),
  }
}
