import { loadUws } from '@cuewire/server/transport/uws/load-uws.js'
import { announce } from './announce.js'

/** Text of a frame, in the quickest way we know: the reference must not be held back. */
export const decodeText = (message: ArrayBuffer): string => utf8.decode(message)

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** A bare uWebSockets.js server that answers each text frame with what `answer` makes of it. */
export function serveUwsEcho(answer: (message: ArrayBuffer) => ArrayBuffer | string): void {
  const uws = loadUws()
  uws
    .App()
    .ws('/', {
      compression: uws.DISABLED,
      maxBackpressure: 8 * 1024 * 1024,
      message: (socket, message) => {
        socket.send(answer(message), false)
      },
    })
    .listen('127.0.0.1', 0, token => {
      if (!token) throw new Error('cannot listen')
      announce(uws.us_socket_local_port(token))
    })
}
