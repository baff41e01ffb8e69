import { ConnectionError } from './errors.js'
import { parseProblem } from './parse.js'
import type { HttpAnswer } from './platform/socket.js'

export interface RefusedHandshake {
  readonly error: ConnectionError
  /** The server itself says that coming back is of no use; a proxy before it may be wrong for a while only. */
  readonly isFinal: boolean
}

/** The answer that an error of `ws` names; other WebSockets tell nothing of it. */
export function answerIn(message: string | undefined): HttpAnswer | undefined {
  const status = /Unexpected server response: (\d{3})/.exec(message ?? '')?.[1]
  return status === undefined ? undefined : { status: Number(status) }
}

/** What a handshake that was answered over HTTP means. */
export function refusedHandshake(
  url: string,
  { status, location, body = '' }: HttpAnswer,
  hasToken: boolean,
): RefusedHandshake {
  const passes = status >= 500 || status === 408 || status === 429
  const { code, message } = parseProblem(status, body, passes)
  const isProblem = !code.startsWith('http.') || body.includes(code)
  const why = isProblem ? `${code}: ${message}` : `HTTP status ${status}`
  const retryable = passes || code === 'auth.expired'
  const error = new ConnectionError(`cannot connect to ${url}: ${why}${advice({ status, location }, hasToken)}`, {
    retryable,
    status,
    ...(isProblem && { code }),
  })
  return { error, isFinal: isProblem && !retryable }
}

function advice({ status, location }: HttpAnswer, hasToken: boolean): string {
  if (status === 401) return hasToken ? '' : '; give `token` in the options of `connect`'
  if (location !== undefined) return `; it points to ${location}, and redirects are not followed`
  return status === 404 ? '; is there a Cuewire server at this address?' : ''
}
