import type { HttpRequest } from 'uWebSockets.js'

/** A request as plain data: uWS's own lives on the stack and is dead once its handler returns. */
export interface RequestHead {
  /** Upper case. */
  readonly method: string
  readonly path: string
  readonly query: string
  /** By lower-case name; the lines of a repeated header are joined with a comma (RFC 9110, 5.3). */
  readonly headers: ReadonlyMap<string, string>
}

/** Copies the request; the first thing every handler does. */
export function copyRequest(request: HttpRequest): RequestHead {
  const headers = new Map<string, string>()
  request.forEach((name, value) => {
    const former = headers.get(name)
    headers.set(name, former === undefined ? value : `${former}, ${value}`)
  })
  return {
    method: request.getMethod().toUpperCase(),
    path: request.getUrl(),
    query: request.getQuery(),
    headers,
  }
}

/** The members of a header that is a list with commas. */
export function listOf(header: string | undefined): string[] {
  return (header ?? '').split(',').map(member => member.trim())
}
