import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import type { Job, StageName } from '@cuewire/protocol'
import { atLeast, atMost } from '../lib/goal.js'
import { megabytes } from '../lib/megabytes.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import { measureAlone } from '../pipeline/alone.js'
import { type FollowedRun, followRun } from '../pipeline/follow-run.js'
import { CLIP_SECONDS, makeLongClip } from '../pipeline/long-clip.js'
import { MemoryWatch, treeCpuSeconds } from '../pipeline/process-tree.js'
import { runStages, secondsOf } from '../pipeline/some-stages.js'
import { wordErrorRate } from '../sample/word-error-rate.js'
import type { Scenario } from './scenario.js'

const CORES = availableParallelism()
const TARGETS = { ratio: 1.15, speed: 10, firstSeconds: 2, memoryBytes: 1.2e9, speech: 0.05 } as const

/** The stages of a job that the issue of the pipeline names, and those that work on pictures, with what both need. */
const ANALYSES = ['probe', 'decode', 'shots', 'objects', 'transcript'] as const
const PICTURES = ['probe', 'decode', 'shots', 'objects', 'tracks', 'scenes', 'text', 'storyboard'] as const

interface Measured {
  readonly run: FollowedRun
  /** Of the server and all its child processes during the job. */
  readonly cpuSeconds: number
  readonly peakBytes: number
  readonly wordErrorRate: number
}

/** A job that runs some stages only. */
interface Part {
  readonly seconds: number
  /** CPU seconds of decoding and inference for these stages, when each runs alone. */
  readonly workSeconds: number
  /** The first over the second, divided by the cores. */
  readonly ratio: number
}

/** A job on 11.5 minutes of 720p with speech, beside the CPU time of its parts when each runs alone. */
export const pipeline: Scenario = async ({ signal, progress }) => {
  progress('making 11.5 minutes of 720p with speech, or taking that of an earlier run')
  const clip = await makeLongClip(join(tmpdir(), 'cuewire-sample'), signal)
  progress('measuring decoder, detector, search for text and speech alone')
  const alone = await measureAlone(clip.file, signal)
  progress('processing it')
  const measured = await measureRun(clip, signal)
  const { stages } = measured.run.job
  const { decode, speech } = alone
  const detector = alone.detectorPerFrame * countOf(stages, 'objects', 'framesAnalysed')
  const text =
    alone.textPerFrame.glance * countOf(stages, 'text', 'framesSearched') +
    alone.textPerFrame.search * countOf(stages, 'text', 'framesRead')
  progress('processing its pictures only')
  const pictures = part(await runStages(clip.file, PICTURES, signal), decode.pictures + detector + text)
  progress('finding shots, objects and transcript only')
  const analyses = part(await runStages(clip.file, ANALYSES, signal), decode.analyses + detector + speech)
  const inference = { detector, text, speech }
  const { run, peakBytes } = measured
  const seconds = (value: number) => ({ value, unit: ' s', digits: 1 })
  const goals = [
    atLeast('a job on 720p with speech, times real time', TARGETS.speed, {
      value: CLIP_SECONDS / run.completed,
      digits: 1,
    }),
    atMost('first objects', TARGETS.firstSeconds, seconds(run.firstObjects)),
    atMost('first sentence', TARGETS.firstSeconds, seconds(run.firstSentence)),
    atMost('memory of a job', TARGETS.memoryBytes / 1e9, { value: peakBytes / 1e9, unit: ' GB' }),
    atMost('speech on all cores / its length', TARGETS.speech, {
      value: speech / CORES / CLIP_SECONDS,
      digits: 3,
    }),
    atMost('shots, objects and transcript / (decoding + inference) on all cores', TARGETS.ratio, ratioOf(analyses)),
    atLeast('all stages of pictures, times real time', TARGETS.speed, {
      value: CLIP_SECONDS / pictures.seconds,
      digits: 1,
    }),
    atMost('all stages of pictures / (decoding + inference) on all cores', TARGETS.ratio, ratioOf(pictures)),
  ]
  return {
    data: { targets: TARGETS, seconds: CLIP_SECONDS, cores: CORES, alone, inference, ...measured, pictures, analyses },
    text: summary({ ...measured, decode: decode.all, ...inference, pictures, analyses }),
    goals,
  }
}

function part(job: Job, workSeconds: number): Part {
  const seconds = secondsOf(job)
  return { seconds, workSeconds, ratio: (seconds * CORES) / workSeconds }
}

/** The ratio, with what the cores did besides: other work of the stages, the gateway, and waiting. */
function ratioOf({ seconds, workSeconds, ratio }: Part) {
  const rest = seconds * CORES - workSeconds
  return {
    value: ratio,
    because: `${workSeconds.toFixed(1)} s of CPU for decoding and inference, ${rest.toFixed(1)} s of core time for all else`,
  }
}

function countOf(stages: Job['stages'], stage: StageName, name: string): number {
  return stages.find(each => each.name === stage)?.counts?.[name] ?? 0
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
      const text = await wholeTranscript(client, run.videoId)
      const wer = wordErrorRate(clip.transcript, text)
      return { run, cpuSeconds, peakBytes, wordErrorRate: wer }
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

interface Summed extends Measured {
  readonly decode: number
  readonly detector: number
  readonly text: number
  readonly speech: number
  readonly pictures: Part
  readonly analyses: Part
}

function summary(found: Summed): string {
  const { run, decode, detector, text, speech, peakBytes, pictures, analyses } = found
  const seconds = (value: number) => `${value.toFixed(1)} s`
  const speed = (took: number) => [`${(CLIP_SECONDS / took).toFixed(1)} x`, `>= ${TARGETS.speed} x`]
  const alert = `<= ${TARGETS.firstSeconds} s`
  return table([
    ['11.5 min of 720p with speech', 'measured', 'target'],
    ['the whole job', seconds(run.completed), '-'],
    ['speed', ...speed(run.completed)],
    ['first objects', seconds(run.firstObjects), alert],
    ['first sentence', seconds(run.firstSentence), alert],
    ['memory of all processes, at most', megabytes(peakBytes), `<= ${megabytes(TARGETS.memoryBytes)}`],
    ['word error rate', found.wordErrorRate.toFixed(3), '-'],
    ['CPU, upload included', seconds(found.cpuSeconds), '-'],
    ['CPU of decoding alone', seconds(decode), '-'],
    ['CPU of the detector alone', seconds(detector), '-'],
    ['CPU of the search for text alone', seconds(text), '-'],
    ['CPU of speech alone', seconds(speech), '-'],
    ['shots, objects and transcript only', seconds(analyses.seconds), '-'],
    ['their time over (decoding + detector + speech) / cores', analyses.ratio.toFixed(2), `<= ${TARGETS.ratio}`],
    ['all stages of pictures only', seconds(pictures.seconds), '-'],
    ['their speed', ...speed(pictures.seconds)],
    ['their time over (decoding + detector + text) / cores', pictures.ratio.toFixed(2), `<= ${TARGETS.ratio}`],
  ])
}
