/** A thread that pings a server at a steady rate and notes how long each ping waits; see ping-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { cuewireDialect, echoDialect } from './dialect.js'
import type { Pinged } from './ping-thread.js'
import { Wire } from './wire.js'
import { commandFrame } from './wires.js'

const INTERVAL_MS = 5

/** How an answer begins. */
const ANSWER = { cuewire: '{"type":"reply"', echo: '{"type":"ping"' } as const

const { port, peer } = workerData as { readonly port: number; readonly peer: Pinged }
/** When each ping that is not answered yet was due, oldest first. */
const waiting: number[] = []
let waits: number[] = []
const wire = new Wire({
  port,
  dialect: peer === 'cuewire' ? cuewireDialect : echoDialect,
  onText: text => {
    if (!text.startsWith(ANSWER[peer])) return
    const due = waiting.shift()
    if (due !== undefined) waits.push(performance.now() - due)
  },
})
await wire.opened()
const begin = performance.now()
let sent = 0
const timer = setInterval(() => {
  // By the clock, so that this thread's own delays count for nobody and no ping is left out.
  while (begin + sent * INTERVAL_MS <= performance.now()) {
    waiting.push(performance.now())
    wire.write(commandFrame('ping', sent++))
  }
}, INTERVAL_MS)

parentPort?.on('message', (message: 'take' | 'stop') => {
  if (message === 'stop') {
    clearInterval(timer)
    wire.reset()
    parentPort?.close()
    return
  }
  // A ping that still waits has waited at least that long.
  const open = waiting[0] === undefined ? [] : [performance.now() - waiting[0]]
  parentPort?.postMessage([...waits, ...open])
  waits = []
})
