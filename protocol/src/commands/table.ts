import type { Static } from '@sinclair/typebox'
import { adminCommands } from './admin.js'
import { chatCommands } from './chat.js'
import { contentCommands } from './content.js'
import { libraryCommands } from './library.js'
import { processingCommands } from './processing.js'
import { searchCommands } from './search.js'
import { sessionCommands } from './session.js'

/** Every command. Types, validators, handlers, SDK methods and the reference are derived from this table. */
export const COMMANDS = {
  ...sessionCommands,
  ...libraryCommands,
  ...processingCommands,
  ...contentCommands,
  ...searchCommands,
  ...chatCommands,
  ...adminCommands,
}

export type CommandName = keyof typeof COMMANDS
export type CommandParams<N extends CommandName> = Static<(typeof COMMANDS)[N]['params']>
export type CommandResult<N extends CommandName> = Static<(typeof COMMANDS)[N]['result']>
/** Commands that exist on the WebSocket only. */
export type SocketCommandName = {
  [N in CommandName]: (typeof COMMANDS)[N]['needs'] extends 'socket' ? N : never
}[CommandName]
