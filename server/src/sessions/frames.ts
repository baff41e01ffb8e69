import type { CommandId, ErrorDetail, EventData, EventName } from '@cuewire/protocol'
import { ERROR_CODES } from '@cuewire/protocol'
import type { AppError } from '../lib/app-error.js'

const idPart = (id: CommandId | undefined): string => (id === undefined ? '' : `"id":${JSON.stringify(id)},`)

/** The reply frame of a command. */
export function replyFrame(id: CommandId | undefined, data: unknown): string {
  return `{"type":"reply",${idPart(id)}"data":${JSON.stringify(data)}}`
}

/** An error in the shape clients see: no stack, no cause. */
export function errorShape({ code, message, retryAfterMs }: AppError, details?: readonly ErrorDetail[]) {
  return {
    code,
    message,
    retryable: ERROR_CODES[code].retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(details && { details }),
  }
}

/** The error frame of a command or of a frame that was none. */
export function errorFrame(id: CommandId | undefined, error: AppError, details?: readonly ErrorDetail[]): string {
  return `{"type":"error",${idPart(id)}"error":${JSON.stringify(errorShape(error, details))}}`
}

/** An event of the connection itself: it has no topic and no place in one. */
export function connectionEvent<N extends EventName>(type: N, data: EventData<N>): string {
  return JSON.stringify({ type, at: new Date().toISOString(), data })
}
