import { logMel, MEL_FRAMES } from '@cuewire/server/models/onnx/log-mel.js'
import t from 'tap'

const BANDS = 80
const loudestBand = (spectrogram: Float32Array, frame: number) => {
  const levels = Array.from({ length: BANDS }, (_, band) => spectrogram[band * MEL_FRAMES + frame] ?? 0)
  return levels.indexOf(Math.max(...levels))
}

t.test('a tone sounds in the band of its frequency, and only while it lasts', async t => {
  const tone = (hertz: number) =>
    Float32Array.from({ length: 32_000 }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / 16_000))
  // Slaney's scale has 45.2 mel up to 8 kHz, in 81 steps: 440 Hz is 6.6 mel, 1 kHz 15, 4 kHz 35.2.
  t.same(
    [440, 1000, 4000].map(hertz => loudestBand(logMel(tone(hertz)), 100)),
    [11, 26, 62],
  )
  const spectrogram = logMel(tone(1000))
  t.equal(spectrogram.length, BANDS * MEL_FRAMES)
  const [loud = 0, silent = 0] = [100, 400].map(frame => spectrogram[26 * MEL_FRAMES + frame])
  t.equal((loud - silent).toFixed(3), '2.000', 'silence is 8 below in powers of ten, a quarter of that here')
})

t.test('silence is the same everywhere', async t => {
  t.same(new Set(logMel(new Float32Array(16_000))), new Set([-1.5]))
})
