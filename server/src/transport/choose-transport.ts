import type { TransportName } from '@cuewire/protocol'
import type { Transport } from './port.js'
import { loadUws, NativeModuleError } from './uws/load-uws.js'
import { createUwsTransport } from './uws/uws-transport.js'
import { wsTransport } from './ws/ws-transport.js'

/** A transport, and one line on why it was chosen. */
export interface ChosenTransport {
  readonly transport: Transport
  readonly reason: string
}

/**
 * `auto` uses uWebSockets.js if it loads. With `ws` it is not loaded at all. Throws a NativeModuleError if `uws` is set
 * and it does not load.
 */
export function chooseTransport(setting: TransportName | 'auto'): ChosenTransport {
  switch (setting) {
    case 'ws':
      return { transport: wsTransport, reason: 'CUEWIRE_TRANSPORT is ws' }
    case 'uws':
      return { transport: createUwsTransport(loadUws()), reason: 'CUEWIRE_TRANSPORT is uws' }
    case 'auto':
      try {
        return { transport: createUwsTransport(loadUws()), reason: 'uWebSockets.js loads here' }
      } catch (error) {
        if (!(error instanceof NativeModuleError)) throw error
        return { transport: wsTransport, reason: error.reason }
      }
    default:
      return setting satisfies never
  }
}
