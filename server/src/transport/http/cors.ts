import { type AccessPolicy, isOriginAllowed } from '../origin.js'
import type { Headers } from './channel.js'
import type { RequestHead } from './request.js'

/** Headers a page may send: our own, and all that tus clients have options for. */
const ALLOWED_HEADERS = [
  ...['authorization', 'content-type', 'range', 'if-none-match', 'if-range', 'x-request-id', 'x-http-method-override'],
  ...['idempotency-key', 'traceparent'],
  ...['tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata'],
  ...['upload-checksum', 'upload-concat', 'upload-defer-length'],
].join(', ')

const EXPOSED_HEADERS = [
  ...['location', 'retry-after', 'etag', 'content-range', 'accept-ranges'],
  ...['tus-resumable', 'tus-version', 'tus-extension', 'tus-max-size'],
  ...['upload-offset', 'upload-length', 'upload-metadata', 'upload-expires'],
].join(', ')

/** What OPTIONS is answered with: the methods there are, and that a page may use them. */
export function preflight(methods: readonly string[]): Headers {
  return {
    allow: methods.join(', '),
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  }
}

/** The reply headers that let a page of an allowed origin read it. */
export function corsHeaders({ headers }: RequestHead, policy: AccessPolicy): Headers {
  const origin = headers.get('origin')
  // Also without an Origin: a cache must not give that reply to a page.
  const vary = { vary: 'origin' }
  if (origin === undefined || !isOriginAllowed(origin, headers.get('host'), policy)) return vary
  return { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS }
}
