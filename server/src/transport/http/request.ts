import type { HttpRequest } from 'uWebSockets.js'

/** A request as plain data: uWS's own lives on the stack and is dead once its handler returns. */
export interface RequestHead {
  /** Upper case. */
  readonly method: string
  readonly path: string
  readonly query: string
  /** By lower-case name; of repeated headers the last. */
  readonly headers: ReadonlyMap<string, string>
}

/** Copies the request; the first thing every handler does. */
export function copyRequest(request: HttpRequest): RequestHead {
  const headers = new Map<string, string>()
  request.forEach((name, value) => void headers.set(name, value))
  return {
    method: request.getMethod().toUpperCase(),
    path: request.getUrl(),
    query: request.getQuery(),
    headers,
  }
}
