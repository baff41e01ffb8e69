import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import type { TimeRange } from '@cuewire/protocol'
import type { Models, VoiceActivityDetector } from '@cuewire/server/models/models.js'
import type { Test } from 'tap'

const RATE = 16_000

/** The spans of a whole sound, given in pushes of so many samples. */
export async function spansOf(
  detector: VoiceActivityDetector,
  samples: Float32Array,
  push = RATE,
): Promise<TimeRange[]> {
  const stream = detector.open({ maxSpan: 15 })
  const spans: TimeRange[] = []
  for (let at = 0; at < samples.length; at += push) spans.push(...(await stream.push(samples.subarray(at, at + push))))
  return [...spans, ...(await stream.finish())]
}

/** Spans are in order, apart, and at most 15 s long. */
export function checkSpans(t: Test, spans: readonly TimeRange[]): void {
  spans.reduce((former, { start, end }) => {
    t.ok(start >= former && end > start && end - start <= 15, `${start} to ${end}`)
    return end
  }, 0)
}

/** White noise from a linear congruential generator, so that it is the same every time. */
function noise(seconds: number): Float32Array {
  let state = 1
  return new Float32Array(seconds * RATE).map(() => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return (state / 2 ** 32 - 0.5) * 0.2
  })
}

/** Eight seconds of plucked chords over a beat of hi-hats. */
function music(): Float32Array {
  const hiss = noise(8)
  return hiss.map((noise, i) => {
    const [chord, beat] = [i % RATE, i % (RATE / 4)]
    const notes = [220, 277.2, 329.6, 440].map(pitch => Math.sin((2 * Math.PI * pitch * chord) / RATE))
    const plucked = notes.reduce((sum, note) => sum + note, 0) * 0.1 * Math.exp((-3 * chord) / RATE)
    return plucked + noise * Math.exp(-beat / 400)
  })
}

/** Where a detector hears speech, and where it hears none. */
export function voiceActivityContract(t: Test, models: Models): void {
  t.test('silence, noise and a tone have no speech', async t => {
    const detector = await models.voiceActivity()
    t.same(await spansOf(detector, new Float32Array(4 * RATE)), [])
    t.same(await spansOf(detector, noise(4)), [])
    t.same(
      await spansOf(
        detector,
        new Float32Array(4 * RATE).map((_, i) => Math.sin(i / 6) * 0.3),
      ),
      [],
    )
  })

  t.test('two sentences far apart are two spans that hold them', async t => {
    const detector = await models.voiceActivity()
    const clip = await makeSpeechClip([
      { text: 'The wind pushes the boat over the lake.', voice: 'slt', pauseBefore: 2 },
      { text: 'The anchor holds it in the harbor.', voice: 'rms', pauseBefore: 3 },
    ])
    const spans = await spansOf(detector, clip.samples)
    t.equal(spans.length, 2)
    clip.sentences.forEach((sentence, index) => {
      const { start, end } = spans[index] ?? { start: 0, end: 0 }
      t.ok(
        start > sentence.start - 0.5 && start < sentence.start + 0.1,
        `starts at ${start}, spoken at ${sentence.start}`,
      )
      t.ok(end > sentence.end - 0.2 && end < sentence.end + 0.5, `ends at ${end}, spoken until ${sentence.end}`)
    })
  })

  t.test('how the sound is cut into pushes makes no difference', async t => {
    const detector = await models.voiceActivity()
    const { samples } = await makeSpeechClip([{ text: 'The wind pushes the boat.', voice: 'slt', pauseBefore: 1 }])
    const whole = await spansOf(detector, samples, samples.length)
    t.equal(whole.length, 1)
    t.same(await spansOf(detector, samples, 777), whole)
    t.same(await spansOf(detector, samples, 100), whole)
  })

  t.test('a span ends within the sound, and an empty stream has none', async t => {
    const detector = await models.voiceActivity()
    const { samples, sentences } = await makeSpeechClip([{ text: 'The wind pushes the boat.', voice: 'slt' }])
    const cut = samples.subarray(0, Math.round((sentences[0]?.end ?? 0) * RATE) - 3000)
    const spans = await spansOf(detector, cut)
    t.equal(spans.length, 1)
    t.ok((spans[0]?.end ?? 99) <= cut.length / RATE)
    t.same(await detector.open({ maxSpan: 15 }).finish(), [])
  })

  t.test('a push that was aborted may be made again', async t => {
    const detector = await models.voiceActivity()
    const { samples } = await makeSpeechClip([{ text: 'The wind pushes the boat.', voice: 'slt', pauseBefore: 1 }])
    const expected = await spansOf(detector, samples, samples.length)
    const stream = detector.open({ maxSpan: 15 })
    const controller = new AbortController()
    const first = stream.push(samples, controller.signal)
    controller.abort(new Error('not now'))
    await t.rejects(first, { message: 'not now' })
    t.same([...(await stream.push(samples)), ...(await stream.finish())], expected)
  })

  t.test('speech without a pause is cut into spans of at most 15 s, between sentences; music has none', async t => {
    const detector = await models.voiceActivity()
    const line = { text: 'A slowly moving river of ice is called a glacier.', voice: 'slt', pauseBefore: 0.2 } as const
    const { samples, sentences } = await makeSpeechClip(new Array(7).fill(line))
    const spans = await spansOf(detector, samples)
    t.ok(spans.length >= 2)
    checkSpans(t, spans)
    const ends = spans.map(({ end }) => end)
    for (const cut of ends.slice(0, -1)) {
      const within = sentences.filter(({ start, end }) => cut > start + 0.1 && cut < end - 0.1)
      t.same(within, [], `cut at ${cut}`)
    }
    t.ok(Math.abs((ends.at(-1) ?? 0) - (sentences.at(-1)?.end ?? 0)) < 0.5, 'nothing is lost at the end')
    t.same(await spansOf(detector, music()), [])
  })
}
