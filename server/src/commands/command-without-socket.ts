import { AppError, errorOf } from '../lib/app-error.js'
import { COMMAND_TABLE, type Command } from './command-table.js'
import { unknownCommand } from './unknown-command.js'

/** Finds a command for HTTP. Throws `command.unknown` or `command.needs_socket`. */
export function commandWithoutSocket(name: string): Command {
  const command = COMMAND_TABLE.get(name)
  if (!command) throw errorOf(unknownCommand(name))
  if (command.needs === 'socket') {
    throw new AppError(
      'command.needs_socket',
      `${name} acts on a WebSocket connection: connect to /v1/socket and send it there.`,
    )
  }
  return command
}
