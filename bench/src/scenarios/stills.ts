import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import { atLeast, atMost, type Goal } from '../lib/goal.js'
import { megabytes } from '../lib/megabytes.js'
import { PingThread } from '../lib/ping-thread.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import { makeLongClip } from '../pipeline/long-clip.js'
import { type Burst, runBurst } from '../stills/burst.js'
import type { Scenario } from './scenario.js'

const SETTINGS = {
  pictures: 400,
  /** The part of the clip they are from. Decoding all of it would take about as long as a request may wait. */
  seconds: 240,
  /** `CUEWIRE_STILLS`; its default depends on the number of cores. */
  children: 2,
  restMs: 5_000,
  /** Peak memory of the last burst over that of the second; the first warms up. */
  targetGrowth: 1.1,
} as const

/** Many stills asked for at once, at new moments in each burst: whether all come, how many ffmpegs run, and memory. */
export const stills: Scenario = async ({ bursts, signal, progress }) => {
  progress('making 11.5 minutes of 720p with speech, or taking that of an earlier run')
  const { file } = await makeLongClip(join(tmpdir(), 'cuewire-sample'), signal)
  const found: Burst[] = []
  const environment = { CUEWIRE_STILLS: String(SETTINGS.children) }
  const bare = { command: PEERS['uws-json'].command, signal }
  await withServer({ command: PEERS.cuewire.command, environment, signal }, server =>
    withServer(bare, async ({ port: barePort }) => {
      const videoId = await uploadOnly(server.port, file)
      const pings = { cuewire: new PingThread(server.port), bare: new PingThread(barePort, 'echo') }
      try {
        for (let burst = 0; burst < bursts; burst++) {
          const times = moments((burst + 0.5) / bursts)
          const measured = await runBurst(server, { videoId, times, pings, restMs: SETTINGS.restMs, signal })
          found.push(measured)
          const { pictures, seconds, peakBytes } = measured
          progress(
            `burst ${burst + 1} of ${bursts}: ${pictures} pictures in ${seconds.toFixed(1)} s, ${megabytes(peakBytes)}`,
          )
        }
      } finally {
        await pings.cuewire.stop()
        await pings.bare.stop()
      }
    }),
  )
  return { data: { settings: SETTINGS, found }, text: summary(found), goals: goalsOf(found) }
}

/** Uploads a video and cancels its job, so that bursts meet an idle server; returns its id. */
async function uploadOnly(port: number, file: string): Promise<string> {
  const client = await connect(`ws://127.0.0.1:${port}`)
  try {
    const { id, jobId = '' } = await uploadFile(client, file)
    await client.processing.cancel({ jobId })
    for await (const { type } of client.subscribe(`job/${jobId}`, { since: 0 })) {
      if (type === 'processing.cancelled') return id
    }
    throw new Error('the events ended before the job did')
  } finally {
    await client.close()
  }
}

/** One moment in each of as many equal parts as pictures, `share` of the way through the part. */
function moments(share: number): number[] {
  return Array.from({ length: SETTINGS.pictures }, (_, part) => ((part + share) / SETTINGS.pictures) * SETTINGS.seconds)
}

function summary(found: readonly Burst[]): string {
  return table([
    [
      `${SETTINGS.pictures} stills at once`,
      'pictures',
      'others',
      's',
      'ffmpegs',
      'ping p99.9 ms',
      'bare',
      'memory before',
      'most',
      'after 5 s',
    ],
    ...found.map((burst, index) => [
      `burst ${index + 1}`,
      String(burst.pictures),
      Object.entries(burst.others)
        .map(([what, count]) => `${count} x ${what}`)
        .join(', ') || '-',
      burst.seconds.toFixed(1),
      String(burst.children),
      burst.pingMs.p999.toFixed(1),
      burst.barePingMs.p999.toFixed(1),
      ...[burst.beforeBytes, burst.peakBytes, burst.afterBytes].map(megabytes),
    ]),
  ])
}

function goalsOf(found: readonly Burst[]): Goal[] {
  const [, second] = found
  const growth = (found.at(-1)?.peakBytes ?? Number.NaN) / (second?.peakBytes ?? Number.NaN)
  const pictures = found.reduce((sum, burst) => sum + burst.pictures, 0)
  const children = Math.max(...found.map(burst => burst.children))
  return [
    atLeast('stills that came whole', found.length * SETTINGS.pictures, { value: pictures, digits: 0 }),
    atMost('ffmpegs of a gateway at once', SETTINGS.children, { value: children, digits: 0 }),
    atMost('memory beside bursts of stills, last / second', SETTINGS.targetGrowth, { value: growth }),
  ]
}
