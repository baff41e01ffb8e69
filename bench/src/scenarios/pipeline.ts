import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import { megabytes } from '../lib/megabytes.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import { measureAlone, type PartsAlone } from '../pipeline/alone.js'
import { type FollowedRun, followRun } from '../pipeline/follow-run.js'
import { CLIP_SECONDS, makeLongClip } from '../pipeline/long-clip.js'
import { MemoryWatch, treeCpuSeconds } from '../pipeline/process-tree.js'
import { wordErrorRate } from '../sample/word-error-rate.js'
import type { Scenario } from './scenario.js'

const TARGETS = { ratio: 1.15, speed: 10, firstSeconds: 2, memoryBytes: 1.2e9 } as const

interface Measured {
  readonly run: FollowedRun
  readonly frames: number
  /** Frames searched for text. */
  readonly searched: number
  /** Of the server and all its child processes during the job. */
  readonly cpuSeconds: number
  readonly peakBytes: number
  readonly wordErrorRate: number
}

/** A job on 11.5 minutes of 720p with speech, beside the CPU time of its parts when each runs alone. */
export const pipeline: Scenario = async ({ signal, progress }) => {
  progress('making 11.5 minutes of 720p with speech, or taking that of an earlier run')
  const clip = await makeLongClip(join(tmpdir(), 'cuewire-sample'), signal)
  progress('measuring decoder, detector, search for text and speech alone')
  const alone = await measureAlone(clip.file, signal)
  progress('processing it')
  const measured = await measureRun(clip, signal)
  const cores = availableParallelism()
  const detector = alone.detectorPerFrame * measured.frames
  const text = alone.textPerFrame * measured.searched
  const workSeconds = (alone.decode + detector + text + alone.speech) / cores
  const ratio = measured.run.analysed / workSeconds
  return {
    data: { targets: TARGETS, seconds: CLIP_SECONDS, cores, alone, ...measured, workSeconds, ratio },
    text: summary({ ...measured, alone, detector, text, ratio }),
  }
}

function measureRun(clip: { readonly file: string; readonly transcript: string }, signal: AbortSignal) {
  return withServer({ command: PEERS.cuewire.command, signal }, async ({ pid, port }): Promise<Measured> => {
    const client = await connect(`ws://127.0.0.1:${port}`)
    const memory = new MemoryWatch(pid)
    try {
      const before = treeCpuSeconds(pid)
      const run = await followRun(client, clip.file)
      const cpuSeconds = treeCpuSeconds(pid) - before
      const peakBytes = memory.stop()
      const count = (stage: string, name: string) =>
        run.job.stages.find(each => each.name === stage)?.counts?.[name] ?? 0
      const text = await wholeTranscript(client, run.videoId)
      const wer = wordErrorRate(clip.transcript, text)
      return {
        run,
        frames: count('objects', 'framesAnalysed'),
        searched: count('text', 'framesSearched'),
        cpuSeconds,
        peakBytes,
        wordErrorRate: wer,
      }
    } finally {
      memory.stop()
      await client.close()
    }
  })
}

async function wholeTranscript(client: Awaited<ReturnType<typeof connect>>, videoId: string): Promise<string> {
  const texts: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.transcript.get({ videoId, limit: 200, ...(cursor && { cursor }) })
    texts.push(...page.segments.map(({ text }) => text))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return texts.join(' ')
}

function summary(found: Measured & { alone: PartsAlone; detector: number; text: number; ratio: number }): string {
  const { run, alone, detector, frames, text, searched, ratio, peakBytes } = found
  const seconds = (value: number) => `${value.toFixed(1)} s`
  const alert = `<= ${TARGETS.firstSeconds} s`
  return table([
    ['11.5 min of 720p with speech', 'measured', 'target'],
    ['shots, objects and transcript', seconds(run.analysed), '-'],
    ['the whole job', seconds(run.completed), '-'],
    ['speed', `${(CLIP_SECONDS / run.completed).toFixed(1)} x`, `>= ${TARGETS.speed} x`],
    ['CPU of decoding alone', seconds(alone.decode), '-'],
    [`CPU of the detector alone, ${frames} frames`, seconds(detector), '-'],
    [`CPU of the search for text alone, ${searched} frames`, seconds(text), '-'],
    ['CPU of speech alone', seconds(alone.speech), '-'],
    ['CPU of the whole job, upload included', seconds(found.cpuSeconds), '-'],
    ['time over (sum of the four / cores)', ratio.toFixed(2), `<= ${TARGETS.ratio}`],
    ['first objects', seconds(run.firstObjects), alert],
    ['first sentence', seconds(run.firstSentence), alert],
    ['memory of all processes, at most', megabytes(peakBytes), `<= ${megabytes(TARGETS.memoryBytes)}`],
    ['word error rate', found.wordErrorRate.toFixed(3), '-'],
  ])
}
