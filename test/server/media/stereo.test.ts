import t, { type Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'
import { pass } from '../../support/passes.js'

const VOICE = '0.5*sin(440*2*PI*t)'

for (const { name, media } of installations) {
  /** Root mean square of each half second of the sound of a film with these channels. */
  const heard = async (t: Test, channels: string, args: readonly string[] = []) => {
    const clips = await clipMaker(t)
    const file = await clips.make('stereo.wav', ['-f', 'lavfi', '-i', `aevalsrc=${channels}:s=48000:d=2`, ...args])
    const { samples = new Int16Array(0) } = await pass(media, file, { audioFile: clips.path('sound.pcm') })
    return [0, 1, 2, 3].map(at => levelOf(samples.subarray(at * 8000, (at + 1) * 8000)))
  }
  const FULL = 0.5 * 32768 * Math.SQRT1_2
  const isAbout = (level: number, expected: number) => Math.abs(level - expected) <= Math.max(60, expected * 0.05)

  t.test(`a voice whose channels are upside down to each other is heard (${name})`, async t => {
    for (const right of [`-${VOICE}`, `-0.9*${VOICE}`])
      for (const level of await heard(t, `${VOICE}|${right}`)) t.ok(isAbout(level, FULL), `${right}: ${level}`)
  })

  t.test(`ordinary stereo is mixed as ever (${name})`, async t => {
    for (const level of await heard(t, `${VOICE}|${VOICE}`)) t.ok(isAbout(level, FULL))
    for (const level of await heard(t, `${VOICE}|0`)) t.ok(isAbout(level, FULL / 2))
    const two = await heard(t, `${VOICE}|0.5*sin(330*2*PI*t)`)
    for (const level of two) t.ok(isAbout(level, FULL * Math.SQRT1_2))
    t.same(await heard(t, '0|0'), [0, 0, 0, 0])
  })

  t.test(`stereo that turns upside down in the middle, and back (${name})`, async t => {
    const levels = await heard(t, `${VOICE}|${VOICE}*if(between(t\\,0.5\\,1.5)\\,-1\\,1)`)
    for (const level of levels) t.ok(level > FULL * 0.6 && level < FULL * 1.1, `${level}`)
  })
}

const levelOf = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length))
