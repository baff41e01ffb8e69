import type { HttpResponse } from 'uWebSockets.js'

/** The address of the peer as text; to be asked for within uWS's handler. */
export function remoteAddressOf(response: HttpResponse): string {
  return Buffer.from(response.getRemoteAddressAsText()).toString()
}
