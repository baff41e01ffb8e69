import { cuewireDialect, echoDialect } from '../lib/dialect.js'
import { atMost } from '../lib/goal.js'
import { megabytes } from '../lib/megabytes.js'
import { pause } from '../lib/pause.js'
import { processRssBytes } from '../lib/process-memory.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { until } from '../lib/until.js'
import { commandFrame, openWires } from '../lib/wires.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const SETTINGS = { connections: 10_000, warmup: 500, settleMs: 5_000, targetRatio: 2.5 } as const
const SERVERS = ['uws-raw', 'cuewire'] as const

/** What a connection that says nothing costs the server in memory. */
export const idle: Scenario = async ({ signal, progress }) => {
  const found = []
  for (const peer of SERVERS) {
    progress(`${SETTINGS.connections} idle connections: ${PEERS[peer].what}`)
    found.push({ peer, ...(await measure(peer, signal)) })
  }
  const [bare, own] = found
  if (!bare || !own) throw new Error('both servers are measured')
  const ratio = own.bytesEach / bare.bytesEach
  const text = table([
    [`${SETTINGS.connections} idle connections`, 'before', 'held', 'bytes each', 'target'],
    ...found.map(({ peer, beforeBytes, heldBytes, bytesEach }) => [
      peer,
      megabytes(beforeBytes),
      megabytes(heldBytes),
      Math.round(bytesEach).toLocaleString('en'),
      peer === 'cuewire' ? `<= ${SETTINGS.targetRatio} x` : '-',
    ]),
  ])
  const goals = [
    atMost('memory of an idle connection / bare uWebSockets.js', SETTINGS.targetRatio, {
      value: ratio,
      because: found.map(({ peer, bytesEach }) => `${peer} ${Math.round(bytesEach)} bytes`).join(', '),
    }),
  ]
  return { data: { settings: SETTINGS, found }, text, goals }
}

function measure(peer: (typeof SERVERS)[number], signal: AbortSignal) {
  const { connections, warmup, settleMs } = SETTINGS
  const dialect = peer === 'cuewire' ? cuewireDialect : echoDialect
  return withServer({ command: PEERS[peer].command, signal }, async ({ pid, port }) => {
    /** Opens connections that each were answered once: a client that never speaks is closed after a while. */
    const hold = async (count: number) => {
      let answered = 0
      const onText = (text: string) => {
        if (!text.startsWith('{"type":"hello"')) answered++
      }
      const wires = await openWires(count, () => ({ port, dialect, onText }))
      for (const wire of wires) wire.write(commandFrame('ping', 1))
      await until('an answer on every connection', () => answered === count, { signal })
      return wires
    }
    for (const wire of await hold(warmup)) wire.reset()
    await pause(settleMs, signal)
    const beforeBytes = processRssBytes(pid)
    const wires = await hold(connections)
    await pause(settleMs, signal)
    const heldBytes = processRssBytes(pid)
    const lost = wires.filter(wire => wire.isEnded).length
    for (const wire of wires) wire.reset()
    if (lost > 0) throw new Error(`${lost} of ${connections} connections were lost`)
    return { beforeBytes, heldBytes, bytesEach: (heldBytes - beforeBytes) / connections }
  })
}
