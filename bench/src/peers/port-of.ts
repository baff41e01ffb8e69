import type { AddressInfo } from 'node:net'

/** The port a Node server got. */
export function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}
