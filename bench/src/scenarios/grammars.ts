import { connect } from '@cuewire/client'
import { grammarCases } from '../grammars/cases.js'
import { atMost } from '../lib/goal.js'
import { PingThread } from '../lib/ping-thread.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const TARGET_MS = 50

interface Found {
  readonly grammar: string
  readonly what: string
  readonly outcome: string
  readonly tookMs: number
  readonly longestPingMs: number
}

/** The worst case of every text grammar at full size, sent to a server one after another, with pings beside it. */
export const grammars: Scenario = async ({ rounds, signal, progress }) => {
  const found: Found[] = []
  for (let round = 1; round <= rounds; round++) {
    await withServer({ command: PEERS.cuewire.command, signal }, async ({ port }) => {
      const client = await connect(`ws://127.0.0.1:${port}`)
      const pings = new PingThread(port)
      try {
        for (const { grammar, what, run } of await grammarCases({ client, port, signal })) {
          signal.throwIfAborted()
          await pings.take()
          const began = performance.now()
          const outcome = await run()
          const tookMs = performance.now() - began
          const longestPingMs = Math.max(0, ...(await pings.take()))
          found.push({ grammar, what, outcome, tookMs, longestPingMs })
          const times = `${tookMs.toFixed(0)} ms, longest ping ${longestPingMs.toFixed(1)} ms`
          progress(`round ${round} of ${rounds}: ${grammar}, ${what}: ${outcome}, ${times}`)
        }
      } finally {
        await pings.stop()
        await client.close()
      }
    })
  }
  const goals = [
    atMost('ping beside the worst text of any grammar, longest', TARGET_MS, {
      value: Math.max(...found.map(({ longestPingMs }) => longestPingMs)),
      unit: ' ms',
      digits: 1,
    }),
  ]
  return { data: { targetMs: TARGET_MS, found }, text: summary(found), goals }
}

function summary(found: readonly Found[]): string {
  const names = [...new Set(found.map(({ grammar }) => grammar))]
  return table([
    ['longest wait of a ping', 'cases', 'worst case', 'ms', 'longest answer ms', 'target'],
    ...names.map(name => {
      const own = found.filter(({ grammar }) => grammar === name)
      const worst = own.reduce((a, b) => (b.longestPingMs > a.longestPingMs ? b : a))
      return [
        name,
        String(own.length),
        worst.what,
        worst.longestPingMs.toFixed(1),
        Math.max(...own.map(({ tookMs }) => tookMs)).toFixed(0),
        `< ${TARGET_MS} ms`,
      ]
    }),
  ])
}
