import type { HttpRequest } from 'uWebSockets.js'
import { addHeader, type RequestHead } from '../http/request.js'

/** Copies the request, which is valid only until uWS's handler returns. Every handler does this first. */
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
