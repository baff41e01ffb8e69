import type { CommandResult, EventData } from '@cuewire/protocol'
import { PROTOCOL_VERSION } from '@cuewire/protocol'
import { type Principal, wirePrincipal } from './principal.js'

type Info = CommandResult<'server.info'>

/** What the server tells about itself, in `hello` and `server.info`. */
export class ServerInfo {
  constructor(
    private readonly fixed: {
      readonly version: string
      readonly ffmpeg: string
      readonly startedAt: string
      readonly limits: Info['limits']
      readonly heartbeatMs: number
    },
    private readonly capabilities: Info['capabilities'],
  ) {}

  get limits(): Info['limits'] {
    return this.fixed.limits
  }

  read(): Info {
    const { version, ffmpeg, startedAt, limits } = this.fixed
    return { version, protocol: PROTOCOL_VERSION, ffmpeg, startedAt, limits, capabilities: this.capabilities }
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
