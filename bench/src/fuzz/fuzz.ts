import { megabytes } from '../lib/megabytes.js'
import { readMetric } from '../lib/metrics.js'
import { pause } from '../lib/pause.js'
import { processRssBytes } from '../lib/process-memory.js'
import {
  abusiveConversation,
  frameConversation,
  httpConversation,
  slowConversation,
  type Talk,
} from './conversation.js'
import { Dice } from './dice.js'
import { GoodClient } from './good-client.js'
import { Tally } from './tally.js'

export interface FuzzOptions {
  readonly port: number
  readonly pid: number
  readonly inputs: number
  readonly seed: number
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

export interface FuzzReport {
  readonly seed: number
  readonly inputs: number
  readonly connections: number
  readonly answers: number
  readonly httpReplies: number
  readonly kinds: Readonly<Record<string, number>>
  readonly durationMs: number
  /** Server memory after each batch, in bytes. */
  readonly rssBytes: readonly number[]
  /** The good client's slowest ping. */
  readonly slowestPingMs: number
  readonly faultCount: number
  readonly faults: readonly string[]
}

const BATCH = 5_000
const PARALLEL = 24
const PING_TIMEOUT_MS = 10_000
const SETTLE_TIMEOUT_MS = 20_000
const FAULTY_FRAMES = 100
/** uWS ends a connection whose request does not come in 10 s. */
const SLOW_PATIENCE_MS = 30_000
const SLOW_CLIENTS = 20

/** Sends the inputs of this seed to a running server and reports every promise it did not keep. */
export async function fuzz({ port, pid, inputs, seed, signal, progress }: FuzzOptions): Promise<FuzzReport> {
  const tally = new Tally()
  const good = new GoodClient(port)
  const rssBytes: number[] = []
  let connections = 0
  let slowestPingMs = 0
  const from = performance.now()
  const talk = (): Talk => {
    const index = connections++
    return {
      port,
      tally,
      dice: new Dice(seed * 1_000_003 + index),
      name: `seed ${seed} conversation ${index}`,
      localAddress: `127.0.0.${2 + (index % 200)}`,
    }
  }
  await good.ping(PING_TIMEOUT_MS)
  const slow = Array.from({ length: SLOW_CLIENTS }, () => slowConversation(talk(), SLOW_PATIENCE_MS))
  let nextBatch = BATCH
  const worker = async () => {
    while (tally.inputs < inputs) {
      signal.throwIfAborted()
      await converse(talk())
      if (tally.inputs < nextBatch) continue
      nextBatch += BATCH
      slowestPingMs = Math.max(slowestPingMs, await good.ping(PING_TIMEOUT_MS))
      const rss = processRssBytes(pid)
      rssBytes.push(rss)
      progress(
        `${tally.inputs} inputs, ${connections} connections, ${megabytes(rss)}, ${tally.faultCount} faults ${tally.faults.at(-1) ?? ''}`,
      )
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  const survivors = (await Promise.all(slow)).filter(ended => !ended).length
  if (survivors > 0)
    tally.fault(`${survivors} of ${SLOW_CLIENTS} slow requests were still open after ${SLOW_PATIENCE_MS} ms`)
  await checkAfterwards({ port, tally, good, signal })
  good.close()
  const { answers, httpReplies, kinds, faultCount, faults } = tally
  const durationMs = performance.now() - from
  return {
    seed,
    inputs: tally.inputs,
    connections,
    answers,
    httpReplies,
    kinds,
    durationMs,
    rssBytes,
    slowestPingMs,
    faultCount,
    faults,
  }
}

async function converse(talk: Talk): Promise<void> {
  const way = talk.dice.below(100)
  if (way < 70) await frameConversation(talk, talk.dice.between(1, 200))
  else if (way < 71) await abusiveConversation(talk, FAULTY_FRAMES)
  else await httpConversation(talk, talk.dice.between(1, 8))
}

interface Afterwards {
  readonly port: number
  readonly tally: Tally
  readonly good: GoodClient
  readonly signal: AbortSignal
}

/** The good client is answered and alone, and no command failed by a fault of the server. */
async function checkAfterwards({ port, tally, good, signal }: Afterwards): Promise<void> {
  await good.ping(PING_TIMEOUT_MS)
  const deadline = performance.now() + SETTLE_TIMEOUT_MS
  let open = await readMetric(port, 'cuewire_connections')
  while (open !== 1 && performance.now() < deadline) {
    await pause(200, signal)
    open = await readMetric(port, 'cuewire_connections')
  }
  if (open !== 1) tally.fault(`${open} connections are open where one should be`)
  const internal = await readMetric(port, 'cuewire_errors_total', { code: 'server.internal' })
  if (internal !== 0) tally.fault(`${internal} commands were answered with server.internal`)
}
