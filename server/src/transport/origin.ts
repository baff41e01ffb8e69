import { AppError } from '../lib/app-error.js'
import { isLoopback } from '../lib/loopback.js'

/** The host names of this server, and the origins of pages that may use it. */
export interface AccessPolicy {
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
}

/**
 * Whether the Host header names this server. Protects against DNS rebinding, where another site resolves its own name
 * to this machine: its Host gives it away.
 */
export function isHostAllowed(host: string | undefined, { hosts }: AccessPolicy): boolean {
  const name = hostName(host)
  return name !== undefined && (isLoopback(name) || hosts.includes(name))
}

/** Whether the page of this Origin may send requests. A request without an Origin does not come from a page. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  { origins }: AccessPolicy,
): boolean {
  if (origin === undefined) return true
  if (origins.includes(origin)) return true
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}

/** Throws `http.host` when the Host header does not name this server. */
export function checkHost(host: string | undefined, policy: AccessPolicy): void {
  if (isHostAllowed(host, policy)) return
  throw new AppError('http.host', 'The Host of the request is not a name of this server; add it to CUEWIRE_HOSTS.')
}

/** Throws `http.origin` when a request may not come from this web page. */
export function checkOrigin(origin: string | undefined, host: string | undefined, policy: AccessPolicy): void {
  if (isOriginAllowed(origin, host, policy)) return
  throw new AppError('http.origin', 'Pages of this Origin may not use this server; add it to CUEWIRE_ORIGINS.')
}

function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/@]+))(?::\d{1,5})?$/.exec(host ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}
