import {
  between,
  highPassed,
  lowPassed,
  mix,
  RATE,
  type Random,
  scaled,
  silent,
  white,
} from '../../sample/synthesiser.js'

const noise = (seconds: number, random: Random) => silent(seconds).map(() => white(random))

/** Swells up and down, irregularly, by about `depth`. */
function swelling(samples: Float32Array, random: Random, { hertz = 0.3, depth = 0.9 } = {}): Float32Array {
  const phases = [random(), random(), random()].map(phase => 2 * Math.PI * phase)
  return samples.map((sample, at) => {
    const waves = phases.map((phase, index) => Math.sin((2 * Math.PI * hertz * 1.7 ** index * at) / RATE + phase))
    const level = waves.reduce((sum, wave) => sum + wave, 0) / 3
    return sample * (1 - depth / 2 + (depth / 2) * level)
  })
}

/** Short sounds at irregular times. */
function scattered(
  seconds: number,
  { random, perSecond, sound }: { random: Random; perSecond: number; sound: () => Float32Array },
): Float32Array {
  const whole = silent(seconds)
  for (let start = 0; start < seconds; start += -Math.log(1 - random()) / perSecond)
    mix(whole, sound(), { start, gain: between(random, 0.4, 1) })
  return whole
}

const knock = (random: Random) => {
  const decay = between(random, 0.01, 0.05)
  return lowPassed(
    silent(0.3).map((_, at) => white(random) * Math.exp(-at / RATE / decay)),
    between(random, 500, 6000),
  )
}

const chirp = (random: Random) => {
  const [from, sweep] = [between(random, 2500, 5000), between(random, -1500, 1500)]
  const seconds = between(random, 0.05, 0.15)
  return silent(seconds).map((_, sample) => {
    const at = sample / RATE
    return Math.sin(2 * Math.PI * (from * at + (sweep * at * at) / seconds / 2)) * Math.sin((Math.PI * at) / seconds)
  })
}

/** A rumble of low harmonics whose pitch wanders. */
function engine(seconds: number, random: Random): Float32Array {
  const pitch = between(random, 40, 110)
  let phase = 0
  let speed = 1
  const tone = silent(seconds).map(() => {
    speed = Math.min(1.4, Math.max(0.7, speed + 0.0004 * white(random)))
    phase += (2 * Math.PI * pitch * speed) / RATE
    return Array.from({ length: 12 }, (_, at) => Math.sin(phase * (at + 1)) / (at + 1)).reduce(
      (sum, part) => sum + part,
    )
  })
  mix(tone, lowPassed(noise(seconds, random), 1500), { gain: between(random, 0.5, 3) })
  return tone
}

/** Sounds that are neither speech nor music. */
export const NOISES: Readonly<Record<string, (seconds: number, random: Random) => Float32Array>> = {
  white: noise,
  pink: (seconds, random) => {
    const whole = silent(seconds)
    for (const hertz of [60, 250, 1000, 4000])
      mix(whole, lowPassed(noise(seconds, random), hertz), { gain: 500 / hertz })
    return whole
  },
  brown: (seconds, random) => lowPassed(noise(seconds, random), 60),
  wind: (seconds, random) => swelling(lowPassed(noise(seconds, random), between(random, 200, 800)), random),
  waves: (seconds, random) => swelling(highPassed(noise(seconds, random), 300), random, { hertz: 0.1 }),
  rain: (seconds, random) => {
    const drops = scattered(seconds, { random, perSecond: 150, sound: () => knock(random).subarray(0, 800) })
    mix(drops, highPassed(noise(seconds, random), 1000), { gain: 0.1 })
    return drops
  },
  hum: (seconds, random) => {
    const hum = silent(seconds).map((_, at) => Math.sin((2 * Math.PI * 100 * at) / RATE) / 2)
    mix(hum, lowPassed(noise(seconds, random), between(random, 400, 3000)), { gain: between(random, 0.8, 2) })
    return hum
  },
  engine,
  knocks: (seconds, random) => {
    const whole = scattered(seconds, { random, perSecond: between(random, 1.5, 5), sound: () => knock(random) })
    mix(whole, lowPassed(noise(seconds, random), 1000), { gain: 0.02 })
    return whole
  },
  typing: (seconds, random) => {
    const click = () => highPassed(knock(random), 1500).subarray(0, 1200)
    const whole = scattered(seconds, { random, perSecond: between(random, 4, 9), sound: click })
    mix(whole, noise(seconds, random), { gain: 0.005 })
    return whole
  },
  birds: (seconds, random) => {
    const whole = scattered(seconds, { random, perSecond: between(random, 2, 6), sound: () => chirp(random) })
    mix(whole, lowPassed(noise(seconds, random), 2000), { gain: between(random, 0.05, 0.2) })
    return whole
  },
  applause: (seconds, random) =>
    scattered(seconds, { random, perSecond: 90, sound: () => highPassed(knock(random), 700).subarray(0, 1000) }),
}

export const noiseOf = (name: string, seconds: number, random: Random): Float32Array => {
  const make = NOISES[name]
  if (!make) throw new Error(`there is no noise ${name}`)
  return scaled(make(seconds, random), between(random, 0.1, 0.6))
}
