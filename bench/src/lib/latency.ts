import type { LoadGroup } from './load-group.js'
import { pause } from './pause.js'

interface Timed {
  readonly warmupMs: number
  readonly durationMs: number
}

const microsSince = (startMs: number): number => (performance.now() - startMs) * 1000

/** Round trips in microseconds of one connection that sends a command when it has the reply to the one before. */
export async function measureOneByOne(group: LoadGroup, { warmupMs, durationMs }: Timed): Promise<number[]> {
  const [connection] = group.connections
  if (!connection) throw new RangeError('one connection is needed')
  const samples: number[] = []
  let phase: 'warming' | 'measuring' | 'over' = 'warming'
  let sentAtMs = performance.now()
  connection.onReplies = () => {
    if (phase === 'measuring') samples.push(microsSince(sentAtMs))
    if (phase === 'over') return
    sentAtMs = performance.now()
    connection.send(1)
  }
  connection.send(1)
  await pause(warmupMs, group.signal)
  phase = 'measuring'
  await pause(durationMs, group.signal)
  phase = 'over'
  return samples
}

/**
 * Round trips in microseconds at a fixed rate, the connections taking turns. Each is timed from the moment it was due,
 * not from the moment it was sent, so that a stall counts for every command it delays (no coordinated omission).
 */
export async function measurePaced(
  group: LoadGroup,
  { perSecond, warmupMs, durationMs }: Timed & { readonly perSecond: number },
): Promise<number[]> {
  const { connections, signal } = group
  const warmup = Math.round((perSecond * warmupMs) / 1000)
  const total = warmup + Math.round((perSecond * durationMs) / 1000)
  const samples: number[] = []
  const startMs = performance.now()
  const dueMs = (index: number) => startMs + (index * 1000) / perSecond

  for (const [turn, connection] of connections.entries()) {
    let answered = 0
    connection.onReplies = count => {
      for (let reply = 0; reply < count; reply++) {
        const index = answered++ * connections.length + turn
        if (index >= warmup) samples.push(microsSince(dueMs(index)))
      }
    }
  }

  await new Promise<void>((resolve, reject) => {
    let next = 0
    // Spins instead of sleeping: timers of one millisecond would be coarser than what is measured.
    const sendDue = () => {
      if (signal.aborted) return reject(signal.reason)
      while (next < total && dueMs(next) <= performance.now()) connections[next++ % connections.length]?.send(1)
      if (next < total) setImmediate(sendDue)
      else resolve()
    }
    sendDue()
  })
  await group.settled()
  return samples
}
