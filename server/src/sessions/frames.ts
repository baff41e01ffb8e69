import { CLOSE_CODES, type CloseCodeName, type CommandId, type EventData, type EventName } from '@cuewire/protocol'
import { errorShape, type Fault } from '../lib/error-shape.js'
import { isoNow } from '../lib/iso-now.js'

/** The reply frame of a command, around the JSON of its result. */
export function replyFrame(id: CommandId | undefined, json: string): string {
  return id === undefined ? `{"type":"reply","data":${json}}` : `{"type":"reply","id":${idText(id)},"data":${json}}`
}

function idText(id: CommandId): CommandId {
  return typeof id === 'number' ? id : JSON.stringify(id)
}

/** The error frame for a command or an invalid frame. */
export function errorFrame(id: CommandId | undefined, fault: Fault): string {
  const json = JSON.stringify(errorShape(fault))
  return id === undefined ? `{"type":"error","error":${json}}` : `{"type":"error","id":${idText(id)},"error":${json}}`
}

/** An event of the connection itself: without topic and number. */
export function connectionEvent<N extends EventName>(type: N, data: EventData<N>): string {
  return JSON.stringify({ type, at: isoNow(), data })
}

/** The event sent before a close. */
export function goodbyeFrame(name: CloseCodeName, reason: string, reconnectAfterMs?: number): string {
  const { code } = CLOSE_CODES[name]
  return connectionEvent('goodbye', { code, reason, ...(reconnectAfterMs !== undefined && { reconnectAfterMs }) })
}
