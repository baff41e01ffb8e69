import type { CommandName, CommandParams, CommandResult } from '@cuewire/protocol'
import type { Chats } from '../domain/chat/chat.js'
import type { Uploads } from '../domain/library/uploads.js'
import type { Videos } from '../domain/library/videos.js'
import type { Processing } from '../domain/processing/processing.js'
import type { Search } from '../domain/search/search.js'
import type { Store } from '../storage/store.js'
import type { Admin } from './admin.js'
import type { Principal } from './principal.js'
import type { ServerInfo } from './server-info.js'
import type { Subscriptions } from './subscriptions.js'

/** What handlers call. */
export interface Services {
  readonly store: Store
  readonly videos: Videos
  readonly uploads: Uploads
  readonly processing: Processing
  readonly search: Search
  readonly chats: Chats
}

/** What a handler knows besides its params. */
export interface HandlerContext {
  readonly info: ServerInfo
  readonly admin: Admin
  readonly tenant: string
  readonly services: Services
  /** Topics of the connection that sent the command. */
  readonly subscriptions: Subscriptions
  /** Takes a new token in place of the connection's own. Throws `auth.*`. */
  readonly refresh: (token: string) => Principal
  /** Who sent the command. */
  readonly principal: () => Principal
  /** W3C trace context of the command. */
  readonly traceparent?: string
}

export type Handler<N extends CommandName> = (
  params: CommandParams<N>,
  context: HandlerContext,
) => CommandResult<N> | Promise<CommandResult<N>>

/** One handler for each command of the table: a missing one fails the type check. */
export type Handlers = { readonly [N in CommandName]: Handler<N> }
