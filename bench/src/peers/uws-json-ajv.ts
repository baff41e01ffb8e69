import { CommandFrame } from '@cuewire/protocol'
import { Ajv } from 'ajv'
import { decodeText, serveUwsEcho } from './uws-echo.js'

const isCommand = new Ajv({ allowUnionTypes: true }).compile(CommandFrame)

// The reference: the least a server must do that answers checked JSON commands.
serveUwsEcho(message => {
  const frame: unknown = JSON.parse(decodeText(message))
  return isCommand(frame) ? JSON.stringify(frame) : '{"type":"error"}'
})
