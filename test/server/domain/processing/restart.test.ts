import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Job } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { installedModels } from '../../../support/models.js'
import { countsOf, statesOf, TENANT } from '../../../support/processing.js'
import { sharedMedia } from '../../../support/shared-media.js'
import { talkingClip } from '../../../support/talking-clip.js'
import { testFolder } from '../../../support/test-folder.js'

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

async function found(dir: string, videoId: string) {
  const server = await openSqliteStore({ file: join(dir, 'cuewire.db') })
  const store = server.for(TENANT)
  const page = { limit: 1000 }
  const content = {
    shots: (await store.content.list(videoId, 'shots', page)).items,
    frames: (await store.content.list(videoId, 'detections', page)).items,
    labels: await allItems(store.content, videoId, 'objects'),
    sentences: (await store.content.list(videoId, 'transcript', page)).items,
    video: (await store.videos.get(videoId))?.state,
  }
  await server.close()
  return content
}

const { skip, paths } = sharedMedia('bottle-detection.mp4', 'two_cities_16k.wav')

t.test('a job goes on after kill -9, twice, and does nothing a second time', { skip }, async t => {
  const [picture = '', sound = ''] = paths
  const dir = testFolder(t, { whole: {}, killed: {} })
  const file = await talkingClip(dir, { picture, sound })
  const models = await installedModels(t)
  const here = createModels({ dir: models })
  t.teardown(() => here.close())
  // Only what was under way when one of the two died may have been begun again.
  const again = { frames: 2 * (await here.objects()).parallel, spans: 2 * (await here.speech()).parallel }

  const whole = await runScript([join(dir, 'whole'), file, models], () => false)
  t.equal(whole.job?.state, 'completed')

  const args = [join(dir, 'killed'), file, models]
  const seen = (lines: readonly string[], line: string) => lines.filter(other => other === line).length
  const first = await runScript(args, lines => seen(lines, 'visual.objects') >= 3)
  t.equal(first.job, undefined, 'killed in the middle')
  const second = await runScript(args, lines => seen(lines, 'transcript.segment') >= 1 && seen(lines, 'detect') >= 5)
  t.equal(second.job, undefined, 'killed in the middle again')
  const third = await runScript(args, () => false)

  t.equal(third.job?.state, 'completed')
  t.equal(third.job?.attempt, 3)
  t.ok(first.detected > 0 && second.detected > 0 && third.detected > 0, 'each of the three did a part')
  if (!whole.job || !third.job) return
  t.strictSame(countsOf(third.job), countsOf(whole.job), 'the counters are those of one run without a kill')
  t.strictSame(statesOf(third.job), statesOf(whole.job))

  const counts = countsOf(whole.job)
  const detected = first.detected + second.detected + third.detected
  const transcribed = first.transcribed + second.transcribed + third.transcribed
  t.ok(detected <= (counts['objects.framesAnalysed'] ?? 0) + again.frames, `${detected} frames were given to the model`)
  t.ok(
    transcribed <= (counts['transcript.spansTranscribed'] ?? 0) + again.spans,
    `${transcribed} spans were given to the model`,
  )

  const expected = await found(join(dir, 'whole'), whole.job.videoId)
  t.strictSame(await found(join(dir, 'killed'), third.job.videoId), expected, 'and so is all that was found')
})
