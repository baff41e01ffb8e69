import { isLoopback } from '../lib/loopback.js'

/** Names this server answers to, and web pages that may use it. */
export interface AccessPolicy {
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
}

/**
 * Whether the Host header names this server. A page of another site can make a browser resolve its own name to
 * this machine (DNS rebinding); its Host gives it away.
 */
export function isHostAllowed(host: string | undefined, { hosts }: AccessPolicy): boolean {
  const name = hostName(host)
  return name !== undefined && (isLoopback(name) || hosts.includes(name))
}

/** Whether a request may come from this web page. Requests without an Origin do not come from one. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  { origins }: AccessPolicy,
): boolean {
  if (origin === undefined) return true
  if (origins.includes(origin)) return true
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}

function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/@]+))(?::\d{1,5})?$/.exec(host ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}
