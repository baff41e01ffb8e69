import type { CommandResult, EventData } from '@cuewire/protocol'
import { PROTOCOL_VERSION } from '@cuewire/protocol'
import { type Principal, wirePrincipal } from '../identity/principal.js'

type Info = CommandResult<'server.info'>

interface FixedInfo extends Omit<Info, 'protocol' | 'capabilities'> {
  readonly heartbeatMs: number
}

/** The data of `hello` and `server.info`. Capabilities are those of the last refresh. */
export class ServerInfo {
  private constructor(
    private readonly fixed: FixedInfo,
    private readonly look: () => Promise<Info['capabilities']>,
    private capabilities: Info['capabilities'],
  ) {}

  /** Reads the capabilities for the first time. */
  static async open(fixed: FixedInfo, look: () => Promise<Info['capabilities']>): Promise<ServerInfo> {
    return new ServerInfo(fixed, look, await look())
  }

  /** Reads them again, because models may have been pulled or removed. If that fails, the last ones are kept. */
  async refresh(): Promise<void> {
    this.capabilities = await this.look()
  }

  read(): Info {
    const { version, ffmpeg, transport, transportReason, startedAt, limits } = this.fixed
    const { capabilities } = this
    return { version, protocol: PROTOCOL_VERSION, ffmpeg, transport, transportReason, startedAt, limits, capabilities }
  }

  hello(sessionId: string, principal: Principal): EventData<'hello'> {
    const { version, protocol, limits, capabilities } = this.read()
    return {
      protocol,
      version,
      sessionId,
      heartbeatMs: this.fixed.heartbeatMs,
      principal: wirePrincipal(principal),
      limits,
      capabilities,
    }
  }
}
