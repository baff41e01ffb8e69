import { QuietSound } from '@cuewire/server/domain/processing/quiet-sound.js'
import fc from 'fast-check'
import t from 'tap'

const RATE = 16_000

/** A tone of 440 Hz, from one time to another. */
const tone = (amplitude: number, from: number, to: number) =>
  Float32Array.from({ length: (to - from) * RATE }, (_, at) => amplitude * Math.sin((at / RATE) * 440 * 2 * Math.PI))

function raised(samples: Float32Array, cuts: readonly number[] = []): Float32Array {
  const sound = new QuietSound()
  const places = [0, ...cuts.toSorted((a, b) => a - b), samples.length]
  const parts = places.slice(1).map((to, at) => sound.push(samples.slice(places[at], to)))
  return Float32Array.from([...parts, sound.finish()].flatMap(part => [...part]))
}

const peak = (samples: Float32Array) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)

t.test('quiet sound is raised to one level, by 50 dB at most; what is loud stays as it is', async t => {
  // -20 dBFS is the level of a tone with this amplitude.
  const level = 0.1 * Math.SQRT2
  for (const amplitude of [0.1, 0.01, 0.001]) t.match(peak(raised(tone(amplitude, 0, 2))).toFixed(3), level.toFixed(3))
  t.equal(peak(raised(tone(0.0001, 0, 2))).toFixed(4), (0.0001 * 10 ** 2.5).toFixed(4))
  t.strictSame(raised(tone(0.5, 0, 2)), tone(0.5, 0, 2))
  t.strictSame(raised(new Float32Array(RATE)), new Float32Array(RATE))
})

t.test('pauses of up to 20 s are raised no more than what is around them, and nothing clicks', async t => {
  const [speech, pause] = [tone(0.5, 0, 1), tone(0.001, 0, 19)]
  const sound = Float32Array.from([...speech, ...pause])
  t.strictSame(raised(sound), sound)
  const louder = raised(Float32Array.from([...tone(0.01, 0, 1), ...tone(0.1, 1, 2)]))
  const steps = louder.map((sample, at) => Math.abs(sample - (louder[at - 1] ?? 0)))
  t.ok(peak(steps) < 0.26, 'no step is larger than those of the tone itself, clipped')
})

t.test('it is the same however the sound was cut, and when a part of it is raised again', async () => {
  const noise = Float32Array.from({ length: 2 * RATE + 123 }, (_, at) => Math.sin(at * at) * (at < RATE ? 0.001 : 0.02))
  const whole = raised(noise)
  const place = fc.nat({ max: noise.length })
  fc.assert(
    fc.property(fc.array(place, { maxLength: 8 }), place, place, (cuts, a, b) => {
      const sound = new QuietSound()
      sound.push(noise)
      sound.finish()
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const again = sound.raised(noise.slice(from, to), from)
      return (
        Buffer.from(raised(noise, cuts).buffer).equals(Buffer.from(whole.buffer)) &&
        Buffer.from(again.buffer).equals(Buffer.from(whole.slice(from, to).buffer))
      )
    }),
    { numRuns: 100 },
  )
})
