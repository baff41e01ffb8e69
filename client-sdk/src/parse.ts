import type { CommandResult, ErrorShape, EventData, TypedEvent } from '#protocol'
import { ClientError } from './errors.js'

/** A checked frame of the server. `details` and `data` beyond the envelope are as the server, which validates them, sent them. */
export type ServerFrame =
  | { readonly kind: 'reply'; readonly id: unknown; readonly data: unknown }
  | { readonly kind: 'error'; readonly id: unknown; readonly error: ErrorShape }
  | { readonly kind: 'event'; readonly event: TypedEvent }

/** What `auth.expiring` says. */
export interface Expiring {
  readonly expiresAt: string
  readonly leftMs: number
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isText = (value: unknown): value is string => typeof value === 'string'

function check(condition: boolean, fault: string): asserts condition {
  if (!condition) throw new ClientError(`the server sent a frame this client cannot read: ${fault}`)
}

/** Text of a message event to a frame; throws a ClientError that names the fault. */
export function parseFrame(text: unknown): ServerFrame {
  check(isText(text), 'it is binary')
  const frame = parseJson(text)
  check(isObject(frame), 'it is not an object')
  if (frame['type'] === 'reply') {
    check('data' in frame, 'a reply without data')
    return { kind: 'reply', id: frame['id'], data: frame['data'] }
  }
  if (frame['type'] === 'error') return { kind: 'error', id: frame['id'], error: parseError(frame['error']) }
  return { kind: 'event', event: parseEvent(frame) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message can quote the whole frame.
    throw new ClientError('the server sent a frame this client cannot read: it is not JSON')
  }
}

function parseError(error: unknown): ErrorShape {
  check(isObject(error) && isText(error['code']) && isText(error['message']), 'an error without code or message')
  const { retryAfterMs, details = [] } = error
  check(retryAfterMs === undefined || isCount(retryAfterMs), 'retryAfterMs is not a whole number')
  check(
    Array.isArray(details) && details.every(row => isObject(row) && isText(row['pointer']) && isText(row['message'])),
    'details are not pairs of pointer and message',
  )
  return { ...error, retryable: error['retryable'] === true, details } as ErrorShape
}

function parseEvent(frame: Record<string, unknown>): TypedEvent {
  check(isText(frame['type']), 'type is not a string')
  check(isText(frame['at']), 'an event without a time')
  check(frame['topic'] === undefined || isText(frame['topic']), 'topic is not a string')
  check(frame['seq'] === undefined || isCount(frame['seq']), 'seq is not a whole number')
  check(isObject(frame['data']), 'an event without data')
  // A newer server may send types that are not in our union; they pass through, for a `default:` branch to ignore.
  return frame as unknown as TypedEvent
}

/** The data of `hello`, checked as far as the client relies on it. */
export function parseHello(data: unknown): EventData<'hello'> {
  check(isObject(data) && isCount(data['protocol']), 'hello without a protocol version')
  check(isText(data['version']) && isText(data['sessionId']), 'hello without version or sessionId')
  const { heartbeatMs, limits, capabilities } = data
  check(typeof heartbeatMs === 'number' && heartbeatMs >= 0, 'hello without heartbeatMs')
  check(isObject(limits) && isCount(limits['frameBytes']) && isCount(limits['inFlight']), 'hello without limits')
  check(isObject(capabilities), 'hello without capabilities')
  return data as EventData<'hello'>
}

/** When the token of the connection ends, and the time left by the server's own clock, which ours may differ from. */
export function parseExpiring(event: Extract<TypedEvent, { type: 'auth.expiring' }>): Expiring {
  const { expiresAt } = event.data
  const leftMs = Date.parse(expiresAt) - Date.parse(event.at)
  check(Number.isFinite(leftMs), 'auth.expiring without a readable time')
  return { expiresAt, leftMs }
}

/** The data of `goodbye`: what the close that follows means. */
export function parseGoodbye(data: unknown): EventData<'goodbye'> {
  check(isObject(data) && isCount(data['code']) && isText(data['reason']), 'goodbye without code or reason')
  const { reconnectAfterMs } = data
  check(reconnectAfterMs === undefined || isCount(reconnectAfterMs), 'reconnectAfterMs is not a whole number')
  return data as EventData<'goodbye'>
}

/** The result of `subscribe`, on which resuming relies. */
export function parseSubscribed(data: unknown): CommandResult<'subscribe'> {
  check(isObject(data) && isText(data['epoch']) && isCount(data['seq']), 'a subscription without epoch or seq')
  const { recovery, oldest } = data
  check(recovery === 'current' || recovery === 'replayed' || recovery === 'gap', 'a subscription without recovery')
  check(oldest === undefined || isCount(oldest), 'oldest is not a whole number')
  return data as CommandResult<'subscribe'>
}

/** The body of an HTTP refusal (application/problem+json) as an error of the protocol; anything else keeps its status. */
export function parseProblem(status: number, body: string, retryable: boolean): ErrorShape {
  let problem: unknown
  try {
    problem = JSON.parse(body)
  } catch {
    problem = undefined
  }
  const fields = isObject(problem) ? problem : {}
  const { detail, title } = fields
  const code = isText(fields['code']) ? fields['code'] : `http.${status}`
  const message = [detail, title, `the server answered with HTTP status ${status}`].find(isText)
  return { code, message, retryable } as ErrorShape
}
