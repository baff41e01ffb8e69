import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atMost } from '../lib/goal.js'
import { megabytes } from '../lib/megabytes.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { withClient } from '../lib/with-client.js'
import { PEERS } from '../peers/peers.js'
import { followRun } from '../pipeline/follow-run.js'
import { makeLongClip } from '../pipeline/long-clip.js'
import { MemoryWatch } from '../pipeline/process-tree.js'
import { runFfmpeg } from '../sample/run-ffmpeg.js'
import type { Scenario } from './scenario.js'

const SETTINGS = { minutes: { short: 2, long: 120 }, targetRatio: 1.1 } as const

/** Peak memory of a job on a long video compared with one on a short video, each on its own server. */
export const memory: Scenario = async ({ signal, progress }) => {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-memory-'))
  try {
    const clip = await makeLongClip(join(tmpdir(), 'cuewire-sample'), signal)
    const measure = async (minutes: number) => {
      const file = `${minutes}.mp4`
      const length = ['-t', String(minutes * 60)]
      await runFfmpeg(['-stream_loop', '-1', '-i', clip.file, '-c', 'copy', ...length, file], { cwd: folder, signal })
      progress(`processing ${minutes} minutes`)
      return await peakBytes(join(folder, file), signal)
    }
    const { short, long } = SETTINGS.minutes
    const [shortBytes, longBytes] = [await measure(short), await measure(long)]
    const text = table([
      ['a job on 720p with speech', 'memory of all processes, at most'],
      [`${short} minutes`, megabytes(shortBytes)],
      [`${long} minutes`, megabytes(longBytes)],
    ])
    const goals = [
      atMost(`memory of a job on ${long} minutes / ${short} minutes`, SETTINGS.targetRatio, {
        value: longBytes / shortBytes,
        because: `${megabytes(longBytes)} beside ${megabytes(shortBytes)}`,
      }),
    ]
    return { data: { settings: SETTINGS, shortBytes, longBytes }, text, goals }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function peakBytes(file: string, signal: AbortSignal): Promise<number> {
  return withServer({ command: PEERS.cuewire.command, signal }, async ({ pid, port }) => {
    const watch = new MemoryWatch(pid)
    try {
      await withClient(port, client => followRun(client, file))
      return watch.stop()
    } finally {
      watch.stop()
    }
  })
}
