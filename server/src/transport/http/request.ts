/** The head of a request as plain data. */
export interface RequestHead {
  /** As sent, because methods are case-sensitive: `get` is not GET (RFC 9110, 9.1). */
  readonly method: string
  readonly path: string
  readonly query: string
  /** By lower-case name. Repeated headers are joined with a comma (RFC 9110, 5.3). */
  readonly headers: ReadonlyMap<string, string>
}

/** Adds a header line to the headers read so far. */
export function addHeader(headers: Map<string, string>, name: string, value: string): void {
  const former = headers.get(name)
  headers.set(name, former === undefined ? value : `${former}, ${value}`)
}

/** The members of a comma-separated header. */
export function listOf(header: string | undefined): string[] {
  return (header ?? '').split(',').map(member => member.trim())
}
