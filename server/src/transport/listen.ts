import { LIMITS } from '@cuewire/protocol'
import { createHandlers, type HandlerOptions } from './handlers.js'
import type { PortOptions, Transport } from './port.js'
import { checkTlsFiles } from './tls.js'

/**
 * Bytes a transport buffers for one socket before it drops frames. Far above the limits of the outbox, which apply
 * first.
 */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024

type ListenOptions = Omit<HandlerOptions, 'isDraining'> &
  Pick<PortOptions, 'host' | 'port' | 'tls' | 'idleTimeoutMs'> & { readonly transport: Transport }

/** The open port. */
export interface Listener {
  readonly port: number
  /** From now on answers upgrades with 503. HTTP keeps working, so that a load balancer can read why. */
  refuseUpgrades(): void
  /** Stops listening and closes all remaining connections. */
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
