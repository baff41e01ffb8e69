import { type AccessPolicy, isOriginAllowed } from '../origin.js'
import type { Headers } from './channel.js'
import type { RequestHead } from './request.js'

/** Headers a page may send: ours, and those of tus clients. */
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

/** The response to OPTIONS: the methods of the route, and permission for a page to use them. */
export function preflight(methods: readonly string[]): Headers {
  return {
    allow: methods.join(', '),
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  }
}

/** Response headers that let a page of an allowed origin read the response. */
export function corsHeaders({ headers }: RequestHead, policy: AccessPolicy): Headers {
  const origin = headers.get('origin')
  // Set even without an Origin, so that a cache does not serve this response to a page.
  const vary = { vary: 'origin' }
  if (origin === undefined || !isOriginAllowed(origin, headers.get('host'), policy)) return vary
  return { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS }
}
