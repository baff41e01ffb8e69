import { LIMITS } from '@cuewire/protocol'
import { createHandlers, type HandlerOptions } from './handlers.js'
import type { PortOptions, Transport } from './port.js'
import { checkTlsFiles } from './tls.js'

/** Bytes a transport buffers for one socket before it drops frames: far above the outbox limits, which act first. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024

type ListenOptions = Omit<HandlerOptions, 'isDraining'> &
  Pick<PortOptions, 'host' | 'port' | 'tls' | 'idleTimeoutMs'> & { readonly transport: Transport }

/** The one port, open. */
export interface Listener {
  readonly port: number
  /** Answers upgrades with 503 from now on; HTTP goes on, so that a balancer can read why. */
  refuseUpgrades(): void
  /** Stops listening and cuts every connection that is left. */
  close(): void
}

/** Opens the port for HTTP and WebSocket. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { transport, host, tls, idleTimeoutMs } = options
  if (tls) checkTlsFiles(tls)
  let draining = false
  const { port, close } = await transport.open(
    {
      host,
      port: options.port,
      tls,
      idleTimeoutMs,
      maxMessageBytes: LIMITS.hardFrameBytes,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
    },
    createHandlers({ ...options, isDraining: () => draining }),
  )
  return {
    port,
    refuseUpgrades: () => {
      draining = true
    },
    close,
  }
}
