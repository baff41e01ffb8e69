import type { HttpResponse } from 'uWebSockets.js'
import { usualAddress } from '../../lib/ip-address.js'

/** The address of the peer as text. Call it within uWS's handler. */
export function remoteAddressOf(response: HttpResponse): string {
  return usualAddress(Buffer.from(response.getRemoteAddressAsText()).toString())
}
