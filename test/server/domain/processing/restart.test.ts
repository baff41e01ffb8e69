import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Job, StageName } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { installedModels } from '../../../support/models.js'
import { countsOf, statesOf, TENANT } from '../../../support/processing.js'
import { LONG_SCRIPT, talkingClip } from '../../../support/talking-clip.js'
import { testFolder } from '../../../support/test-folder.js'

/** What the tests read of a checkpoint. */
const Checkpoint = Type.Object({ counts: Type.Record(Type.String(), Type.Number()) })

const SCRIPT = fileURLToPath(new URL('../../../support/process-video.js', import.meta.url))

interface Outcome {
  /** The job, when the process lived to see its end. */
  readonly job: Job | undefined
  readonly detected: number
  readonly transcribed: number
}

/** Runs the script until it ends, or kills it when the lines so far say so. */
async function runScript(args: readonly string[], kill: (lines: readonly string[]) => boolean): Promise<Outcome> {
  const child: ChildProcess = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const lines: string[] = []
  if (!child.stdout) throw new Error('the script has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (!child.killed && kill(lines)) child.kill('SIGKILL')
  }
  await closed
  const end = lines.find(line => line.startsWith('ended '))
  return {
    job: end && JSON.parse(end.slice('ended '.length)),
    detected: lines.filter(line => line === 'detect').length,
    transcribed: lines.filter(line => line === 'transcribe').length,
  }
}

/** The inferences of an unfinished job whose results were stored, so that nobody has to make them again. */
async function kept(dir: string): Promise<{ readonly frames: number; readonly spans: number }> {
  const server = await openSqliteStore({ file: join(dir, 'cuewire.db') })
  const { jobs } = server.for(TENANT)
  const [job] = (await jobs.list({ limit: 1 })).items
  const count = async (stage: StageName, counter: string) => {
    const saved = job && (await jobs.checkpoint(job.id, stage))
    return Value.Check(Checkpoint, saved) ? (saved.counts[counter] ?? 0) : 0
  }
  const counts = {
    frames: await count('objects', 'framesAnalysed'),
    spans: await count('transcript', 'spansTranscribed'),
  }
  await server.close()
  return counts
}

async function found(dir: string, videoId: string) {
  const server = await openSqliteStore({ file: join(dir, 'cuewire.db') })
  const store = server.for(TENANT)
  const page = { limit: 1000 }
  const content = {
    shots: (await store.content.list(videoId, 'shots', page)).items,
    frames: (await store.content.list(videoId, 'detections', page)).items,
    tracks: await allItems(store.content, videoId, 'tracks'),
    scenes: await allItems(store.content, videoId, 'scenes'),
    labels: await allItems(store.content, videoId, 'objects'),
    sentences: (await store.content.list(videoId, 'transcript', page)).items,
    video: (await store.videos.get(videoId))?.state,
  }
  await server.close()
  return content
}

t.test('a job goes on after kill -9, twice, and does nothing a second time', async t => {
  const dir = testFolder(t, { whole: {}, killed: {} })
  const { file } = await talkingClip(dir, LONG_SCRIPT)
  const models = await installedModels(t)
  const whole = await runScript([join(dir, 'whole'), file, models], () => false)
  t.equal(whole.job?.state, 'completed')

  const args = [join(dir, 'killed'), file, models]
  const first = await runScript(args, lines => lines.includes('visual.objects'))
  t.equal(first.job, undefined, 'killed in the middle')
  const afterFirst = await kept(join(dir, 'killed'))
  const second = await runScript(args, lines =>
    ['transcript.segment', 'visual.objects'].every(event => lines.includes(event)),
  )
  t.equal(second.job, undefined, 'killed in the middle again')
  const afterSecond = await kept(join(dir, 'killed'))
  const third = await runScript(args, () => false)

  t.equal(third.job?.state, 'completed')
  t.equal(third.job?.attempt, 3)
  t.ok(third.detected > 0, 'the third had something left to do')
  if (!whole.job || !third.job) return
  t.strictSame(countsOf(third.job), countsOf(whole.job), 'the counters are those of one run without a kill')
  t.strictSame(statesOf(third.job), statesOf(whole.job))

  const counts = countsOf(whole.job)
  const frames = counts['objects.framesAnalysed'] ?? 0
  const spans = counts['transcript.spansTranscribed'] ?? 0
  t.ok(afterFirst.frames > 0 && afterSecond.frames > afterFirst.frames && afterSecond.spans > 0, 'each kept a part')
  t.ok(second.detected <= frames - afterFirst.frames, 'what the first had stored was not detected again')
  t.equal(third.detected, frames - afterSecond.frames, 'nor what the second had stored')
  t.equal(third.transcribed, spans - afterSecond.spans, 'nor was it transcribed again')

  const expected = await found(join(dir, 'whole'), whole.job.videoId)
  t.strictSame(await found(join(dir, 'killed'), third.job.videoId), expected, 'and so is all that was found')
})
