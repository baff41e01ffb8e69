import type { CommandName, CommandParams, CommandResult, SocketCommandName, Topic } from '@cuewire/protocol'
import type { Chats } from '../domain/chat/chat.js'
import type { Uploads } from '../domain/library/uploads.js'
import type { Videos } from '../domain/library/videos.js'
import type { Processing } from '../domain/processing/processing.js'
import type { Search } from '../domain/search/search.js'
import type { Principal } from '../identity/principal.js'
import type { Store } from '../storage/store.js'
import type { Admin } from './admin.js'

/** Services that handlers call. */
export interface Services {
  readonly store: Store
  readonly videos: Videos
  readonly uploads: Uploads
  readonly processing: Processing
  readonly search: Search
  readonly chats: Chats
}

/** The context of a command, besides its params. */
export interface CommandContext {
  readonly info: { read(): CommandResult<'server.info'> }
  readonly admin: Admin
  readonly tenant: string
  readonly services: Services
  /** The authenticated sender. */
  readonly principal: Principal
  /** W3C trace context of the command. */
  readonly traceparent: string | undefined
}

/** The connection of a command that acts on it. */
export interface CallerConnection {
  /** Subscribes to a topic. Delivery begins once the reply has been sent. */
  subscribe(params: CommandParams<'subscribe'>): Promise<CommandResult<'subscribe'>>
  unsubscribe(topic: Topic): void
  /** Replaces the token of the connection. Throws `auth.*`. */
  refresh(token: string): Principal
}

/** Runs one command. Only commands that need the socket get the connection. */
export type Handler<N extends CommandName> = (
  params: CommandParams<N>,
  context: CommandContext,
  ...connection: N extends SocketCommandName ? [CallerConnection] : []
) => CommandResult<N> | Promise<CommandResult<N>>

/** One handler for each command of the table: a missing one fails the type check. */
export type Handlers = { readonly [N in CommandName]: Handler<N> }
