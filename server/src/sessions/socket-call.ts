import type { CommandParams, CommandResult, Topic } from '@cuewire/protocol'
import type { CallerConnection } from '../commands/handler.js'
import type { Principal } from '../identity/principal.js'
import type { Subscriptions } from './subscriptions.js'

interface SocketCallOptions {
  readonly subscriptions: Subscriptions
  /** Replaces the token of the connection. Throws `auth.*`. */
  readonly refresh: (token: string) => Principal
  /** Called after the reply to a command that replaced the token. */
  readonly onRefreshed: () => void
}

/** The connection as one command sees it. Collects work to do after the reply. */
export class SocketCall implements CallerConnection {
  private afterReply: (() => void) | undefined

  constructor(private readonly options: SocketCallOptions) {}

  async subscribe(params: CommandParams<'subscribe'>): Promise<CommandResult<'subscribe'>> {
    const { result, begin } = await this.options.subscriptions.subscribe(params)
    this.afterReply = begin
    return result
  }

  unsubscribe(topic: Topic): void {
    this.options.subscriptions.unsubscribe(topic)
  }

  refresh(token: string): Principal {
    const principal = this.options.refresh(token)
    this.afterReply = this.options.onRefreshed
    return principal
  }

  /** Called once the reply has been sent. */
  replied(): void {
    this.afterReply?.()
  }
}
