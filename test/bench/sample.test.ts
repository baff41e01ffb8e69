import { spawnSync } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { makeSample } from '@cuewire/bench/sample/make-sample.js'
import { Sample } from '@cuewire/bench/sample/sample.js'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { testFolder } from '../support/test-folder.js'

const FFMPEG = process.env['FFMPEG_PATH'] ?? ffmpeg.path

/** What ffmpeg prints about the file, or about what the arguments make of it. */
function ffmpegLog(file: string, ...args: string[]): string {
  return spawnSync(FFMPEG, ['-hide_banner', '-nostdin', '-i', file, ...args], { encoding: 'utf8' }).stderr
}

t.test('the sample video', async t => {
  const directory = testFolder(t)
  const steps: string[] = []
  const sample = await makeSample({
    directory,
    progress: ({ step, done, total }) => {
      if (done === total) steps.push(step)
    },
  })

  t.test('is described as the schema says', async t => {
    t.ok(
      Value.Check(Sample, sample),
      [...Value.Errors(Sample, sample)].map(({ path, message }) => path + message).join(),
    )
    t.same([...new Set(steps)], ['speech', 'video'], 'and each step reported its end')
  })

  t.test('is H.264 and AAC of the length told, with no subtitles and no chapters', async t => {
    const log = ffmpegLog(sample.file)
    const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):([\d.]+)/.exec(log) ?? []
    const duration = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    t.ok(Math.abs(duration - sample.durationSeconds) < 0.1, `${duration} s, told ${sample.durationSeconds} s`)
    t.ok(duration >= 75 && duration <= 95, 'long enough for three topics, short enough for a demo')
    t.match(log, /Video: h264.* 1280x720/)
    t.match(log, /Audio: aac/)
    t.equal(log.match(/Stream #/g)?.length, 2)
    t.notMatch(log, /Chapter/)
  })

  t.test('has its index before its media', async t => {
    const head = (await readFile(sample.file)).toString('latin1')
    t.ok(head.indexOf('moov') > 0 && head.indexOf('moov') < head.indexOf('mdat'))
  })

  t.test('has topics that cover it in order, with their sentences inside', async t => {
    t.equal(sample.topics.length, 3)
    let end = 0
    for (const topic of sample.topics) {
      t.equal(topic.start, end, `${topic.title} starts where the former ends`)
      let spoken = topic.start
      for (const sentence of topic.sentences) {
        t.ok(spoken < sentence.start && sentence.start < sentence.end && sentence.end < topic.end, sentence.text)
        spoken = sentence.end
      }
      end = topic.end
    }
    t.equal(end, sample.durationSeconds)
    t.equal(new Set(sample.topics.map(topic => topic.voice)).size, 2, 'two voices')
  })

  t.test('cuts where it says, and nowhere else', async t => {
    const log = ffmpegLog(sample.file, '-vf', "scale=64:36,select='gt(scene,0.05)',showinfo", '-an', '-f', 'null', '-')
    const cuts = [...log.matchAll(/pts_time:([\d.]+)/g)].map(([, time]) => Number(time))
    t.same(cuts, sample.shots)
  })

  t.test('speaks during its sentences and is silent between its topics', async t => {
    const log = ffmpegLog(sample.file, '-vn', '-af', 'silencedetect=noise=-50dB:duration=0.8', '-f', 'null', '-')
    const silences = [...log.matchAll(/silence_start: ([\d.]+)/g)].map(([, time]) => Number(time))
    const lastWords = sample.topics.slice(0, -1).map(topic => topic.sentences.at(-1)?.end ?? Number.NaN)
    for (const [i, end] of lastWords.entries()) {
      t.ok(Math.abs((silences[i] ?? Number.NaN) - end) < 0.1, `${silences[i]} s, told ${end} s`)
    }
  })

  t.test('shows photographs inside their topics, with COCO labels for at least two of them', async t => {
    for (const { name, start, end } of sample.photographs) {
      t.ok(end - start >= 3, `${name} is shown for ${end - start} s`)
      t.ok(
        sample.topics.some(topic => topic.start <= start && end <= topic.end),
        `${name} lies within a topic`,
      )
    }
    t.ok(sample.photographs.filter(({ expectedLabels }) => expectedLabels.length > 0).length >= 2)
  })

  t.test('comes with a question to each topic and one to none', async t => {
    t.same(
      sample.questions.map(({ topicIndex }) => topicIndex),
      [0, 1, 2, null],
    )
  })

  t.test('is found, not made again, the second time', async t => {
    const before = await stat(sample.file)
    t.same(await makeSample({ directory, progress: () => t.fail('it was made again') }), sample)
    t.equal((await stat(sample.file)).mtimeMs, before.mtimeMs)
  })

  t.test('leaves nothing beside itself and its description', async t => {
    t.same((await readdir(directory)).map(name => name.replace(/^sample-[0-9a-f]{16}/, 'sample')).sort(), [
      'sample.json',
      'sample.mp4',
    ])
  })
})

for (const stop of ['speech', 'video'] as const) {
  t.test(`an abort during the ${stop} rejects with its reason and leaves nothing behind`, async t => {
    const directory = testFolder(t)
    const controller = new AbortController()
    const reason = new Error('stopped by the test')
    const made = makeSample({
      directory,
      signal: controller.signal,
      progress: ({ step, done }) => {
        if (step === stop && done > 0) controller.abort(reason)
      },
    })
    await t.rejects(made, reason)
    t.same(await readdir(directory), [])
  })
}
