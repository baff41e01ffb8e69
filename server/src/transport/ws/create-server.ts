import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { TlsFiles } from '../tls.js'
import { WsRequest } from './ws-request.js'

/** As `UWS_HTTP_MAX_HEADERS_SIZE` is for uWebSockets.js. */
const MAX_HEADER_BYTES = 16 * 1024
/** How often Node looks for requests whose head takes too long. */
const HEAD_CHECK_MS = 2000
/**
 * Time for the head of a request, and for the next sign of life of a client that owes bytes or does not read. uWebSockets.js
 * has the same.
 */
export const HTTP_IDLE_MS = 10_000

/** A server of `node:http` that leaves every decision on a well-formed request to us. */
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
  // By default Node passes over further lines; the size of the head is limit enough.
  server.maxHeadersCount = 0
  return server
}
