import { loadUws } from '@cuewire/server/transport/uws/load-uws.js'
import { announce } from './announce.js'

const uws = loadUws()
const app = uws.App()

// The reference of fan-out: uWS's own topics. What one client sends, all get.
app
  .ws('/', {
    compression: uws.DISABLED,
    maxBackpressure: 8 * 1024 * 1024,
    open: socket => void socket.subscribe('all'),
    message: (_, message) => void app.publish('all', message, false),
  })
  .listen('127.0.0.1', 0, token => {
    if (!token) throw new Error('cannot listen')
    announce(uws.us_socket_local_port(token))
  })
