import { CLOSE_CODES, type CloseCodeName, type CommandId, type EventData, type EventName } from '@cuewire/protocol'
import { errorShape, type Fault } from '../lib/error-shape.js'
import { isoNow } from '../lib/iso-now.js'

function idPart(id: CommandId | undefined): string {
  if (id === undefined) return ''
  return typeof id === 'number' ? `"id":${id},` : `"id":${JSON.stringify(id)},`
}

/** The reply frame of a command. */
export function replyFrame(id: CommandId | undefined, data: unknown): string {
  return `{"type":"reply",${idPart(id)}"data":${JSON.stringify(data)}}`
}

/** The error frame of a command or of a frame that was none. */
export function errorFrame(id: CommandId | undefined, fault: Fault): string {
  return `{"type":"error",${idPart(id)}"error":${JSON.stringify(errorShape(fault))}}`
}

/** An event of the connection itself: it has no topic and no place in one. */
export function connectionEvent<N extends EventName>(type: N, data: EventData<N>): string {
  return JSON.stringify({ type, at: isoNow(), data })
}

/** The event that goes out before a close. */
export function goodbyeFrame(name: CloseCodeName, reason: string, reconnectAfterMs?: number): string {
  const { code } = CLOSE_CODES[name]
  return connectionEvent('goodbye', { code, reason, ...(reconnectAfterMs !== undefined && { reconnectAfterMs }) })
}
