import { pause } from '../lib/pause.js'
import type { PingThread } from '../lib/ping-thread.js'

import type { RunningServer } from '../lib/server-process.js'
import { type Percentiles, percentiles } from '../lib/statistics.js'
import { GatewayWatch, gatewayBytes, type Watched } from './gateway-watch.js'
import { type Answers, getPictures } from './get-pictures.js'

/** How a burst went, with the memory of the gateway and its media process before it and after a rest. */
export interface Burst extends Answers, Watched {
  readonly seconds: number
  readonly pingMs: Percentiles
  /** The same pings to a bare server meanwhile: what the machine itself makes them wait. */
  readonly barePingMs: Percentiles
  readonly beforeBytes: number
  readonly afterBytes: number
}

export interface BurstOptions {
  readonly videoId: string
  /** In seconds of the video. */
  readonly times: readonly number[]
  readonly pings: { readonly cuewire: PingThread; readonly bare: PingThread }
  /** How long the server is left alone before and after. */
  readonly restMs: number
  readonly signal: AbortSignal
}

/** Asks a server for the pictures at all these times at once. */
export async function runBurst(
  { port, pid }: RunningServer,
  { videoId, times, pings, restMs, signal }: BurstOptions,
): Promise<Burst> {
  const takeBoth = () => Promise.all([pings.cuewire.take(), pings.bare.take()])
  await pause(restMs, signal)
  await takeBoth()
  const beforeBytes = gatewayBytes(pid)
  const watch = new GatewayWatch(pid)
  try {
    const began = performance.now()
    const answers = await getPictures({ port, videoId, times, signal })
    const seconds = (performance.now() - began) / 1000
    const watched = watch.stop()
    const [waits, bareWaits] = await takeBoth()
    await pause(restMs, signal)
    return {
      ...{ ...answers, ...watched, seconds, beforeBytes, afterBytes: gatewayBytes(pid) },
      pingMs: percentiles(waits),
      barePingMs: percentiles(bareWaits),
    }
  } finally {
    watch.stop()
  }
}
