import { WebSocketServer } from 'ws'
import { announce } from './announce.js'
import { portOf } from './port-of.js'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', socket => {
  socket.on('message', message => socket.send(JSON.stringify(JSON.parse(message.toString()))))
})
server.on('listening', () => announce(portOf(server.address())))
