import type { HttpRequest } from 'uWebSockets.js'
import { addHeader, type RequestHead } from '../http/request.js'

/** Copies the request, which lives on uWS's stack and is dead once its handler returns: the first thing every handler does. */
export function copyRequest(request: HttpRequest): RequestHead {
  const headers = new Map<string, string>()
  request.forEach((name, value) => {
    addHeader(headers, name, value)
  })
  return {
    method: request.getCaseSensitiveMethod(),
    path: request.getUrl(),
    query: request.getQuery(),
    headers,
  }
}
