import { TRANSPORTS, type TransportName } from '@cuewire/protocol'
import { loadUws, NativeModuleError } from '@cuewire/server/transport/uws/load-uws.js'
import type { Test } from 'tap'

type Body = (t: Test, transport: TransportName) => Promise<unknown>
interface Options {
  /** Whether to skip it on both, or why. @default false */
  readonly skip?: boolean | string
}

/** Registers a test once for each transport. */
interface OnEachTransport {
  (name: string, body: Body): void
  (name: string, options: Options, body: Body): void
}

const whyNoUws = uwsFault()

/**
 * Runs tests on every transport, which the servers of `startServer` and `spawnServer` then use: on uWebSockets.js where it
 * loads, else skipped with the reason, and on ws.
 */
export function onEachTransport(t: Test): OnEachTransport {
  return (name: string, ...rest: [Body] | [Options, Body]) => {
    const [{ skip = false }, body] = rest.length === 1 ? [{} as Options, rest[0]] : rest
    for (const transport of TRANSPORTS) {
      const why = transport === 'uws' ? whyNoUws : undefined
      t.test(`${name}, on ${transport}`, { skip: skip || why || false }, async t => {
        t.context = { transport }
        await body(t, transport)
      })
    }
  }
}

/** The setting for a server of this test; empty outside of `onEachTransport`. */
export function transportSetting(t: Test): { readonly CUEWIRE_TRANSPORT?: TransportName } {
  const { transport } = (t.context ?? {}) as { transport?: TransportName }
  return transport === undefined ? {} : { CUEWIRE_TRANSPORT: transport }
}

function uwsFault(): string | undefined {
  try {
    loadUws()
    return undefined
  } catch (error) {
    if (error instanceof NativeModuleError) return error.reason
    throw error
  }
}
