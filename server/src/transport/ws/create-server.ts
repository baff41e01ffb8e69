import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { TlsFiles } from '../tls.js'
import { WsRequest } from './ws-request.js'

/** The same limit as `UWS_HTTP_MAX_HEADERS_SIZE`. */
const MAX_HEADER_BYTES = 16 * 1024
/** How often Node checks for requests whose headers take too long. */
const HEAD_CHECK_MS = 2000
/**
 * Time limit for request headers, and for the next bytes from a client that is sending or not reading. The same as in
 * uWebSockets.js.
 */
export const HTTP_IDLE_MS = 10_000

/** A `node:http` server that leaves every decision on a well-formed request to our code. */
export function createHttpServer(tls: TlsFiles | undefined): Server<typeof WsRequest> {
  const options = {
    IncomingMessage: WsRequest,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HTTP_IDLE_MS,
    // An upload may take hours.
    requestTimeout: 0,
    connectionsCheckingInterval: HEAD_CHECK_MS,
    keepAliveTimeout: HTTP_IDLE_MS,
    requireHostHeader: false,
  } as const
  const server = tls
    ? createTlsServer({ ...options, cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) })
    : createServer(options)
  server.timeout = HTTP_IDLE_MS
  // By default Node ignores further header lines; the size limit is enough.
  server.maxHeadersCount = 0
  return server
}
