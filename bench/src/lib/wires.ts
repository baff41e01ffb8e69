import { rawFrame } from './raw-frame.js'
import { Wire } from './wire.js'

/** Connections opened at the same time. */
const OPENING = 100
/** Connections from one address: it has some 28,000 ports for each port of the server. */
const PER_ADDRESS = 10_000

type WireOptions = ConstructorParameters<typeof Wire>[0]

/** Opens `count` connections, `options(index)` each. The caller resets them. */
export async function openWires(count: number, options: (index: number) => WireOptions): Promise<Wire[]> {
  const wires: Wire[] = []
  while (wires.length < count) {
    const from = wires.length
    const opened = Array.from({ length: Math.min(OPENING, count - from) }, (_, offset) => {
      const index = from + offset
      return new Wire({ localAddress: `127.0.0.${1 + Math.floor(index / PER_ADDRESS)}`, ...options(index) })
    })
    wires.push(...opened)
    await Promise.all(opened.map(wire => wire.opened()))
  }
  return wires
}

/** A command as one masked frame. */
export const commandFrame = (type: string, id: number, data: object = {}): Buffer =>
  rawFrame(Buffer.from(JSON.stringify({ type, id, data })))
