import { LoudnessMeter } from '@cuewire/server/domain/processing/sound/loudness-meter.js'
import t from 'tap'

const RATE = 16_000
const sine = (hertz: number, { seconds, level }: { readonly seconds: number; readonly level: number }) =>
  Float32Array.from({ length: seconds * RATE }, (_, at) => level * Math.sin((2 * Math.PI * hertz * at) / RATE))

t.test('a sine of 997 Hz at full scale is -3.01 LUFS, as the standard says', async t => {
  for (const [level, expected] of [
    [1, -3.01],
    [0.1, -23.01],
  ] as const) {
    const levels = new LoudnessMeter().push(sine(997, { seconds: 3, level }))
    t.equal(levels.length, 3)
    for (const found of levels.slice(1)) t.ok(Math.abs(found - expected) < 0.15, `${found} for ${expected}`)
  }
})

t.test('low frequencies count less and high ones more', async t => {
  const at = (hertz: number) => new LoudnessMeter().push(sine(hertz, { seconds: 2, level: 0.5 }))[1] ?? 0
  t.ok(at(30) < at(997) - 4)
  t.ok(at(4000) > at(997) + 2.5)
})

t.test('each second has its greatest value, and silence the floor', async t => {
  const meter = new LoudnessMeter()
  const sound = new Float32Array(3.5 * RATE)
  sound.set(sine(997, { seconds: 0.5, level: 0.5 }), RATE)
  const [first = 0, second = 0, third = 0] = meter.push(sound)
  t.equal(first, -70)
  t.ok(Math.abs(second + 9.03) < 0.3, `${second}`)
  t.equal(third, -70)
  t.strictSame(meter.finish(), [-70], 'the last second is not whole')
  t.strictSame(meter.finish(), [])
})
