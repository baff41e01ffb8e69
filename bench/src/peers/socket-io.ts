import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { announce } from './announce.js'
import { portOf } from './port-of.js'

const http = createServer()
const server = new Server(http, { transports: ['websocket'], serveClient: false })
server.on('connection', socket => {
  socket.on('ping', (data: unknown, acknowledge: (data: unknown) => void) => acknowledge(data))
})
http.listen(0, '127.0.0.1', () => announce(portOf(http.address())))
