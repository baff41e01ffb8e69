import { between, highPassed, lowPassed, mix, pick, RATE, type Random, scaled, silent, white } from './synthesiser.js'

const SCALES = [
  [0, 2, 4, 5, 7, 9, 11],
  [0, 2, 3, 5, 7, 8, 10],
  [0, 2, 4, 7, 9],
] as const
const CHORDS = [
  [0, 3, 4, 0],
  [0, 4, 5, 3],
  [0, 5, 1, 4],
] as const

interface Note {
  readonly pitch: number
  readonly seconds: number
}
type Instrument = (note: Note, random: Random) => Float32Array

/** How a sound rises and falls, 0..1. */
const envelope = (at: number, { seconds }: Note, { attack, decay }: { attack: number; decay: number }) =>
  Math.min(1, at / attack) * Math.exp(-at / decay) * Math.min(1, Math.max(0, (seconds - at) / 0.03))

/** Sums partials of a note, each with its weight; `bend` shifts the pitch over time. */
function additive(note: Note, partials: readonly number[], shape: { attack: number; decay: number }, bend = 0) {
  return silent(note.seconds).map((_, sample) => {
    const at = sample / RATE
    const phase = 2 * Math.PI * note.pitch * at + bend * Math.sin(2 * Math.PI * 5.5 * at)
    let sum = 0
    for (const [index, weight] of partials.entries()) {
      if (note.pitch * (index + 1) < RATE / 2) sum += weight * Math.sin(phase * (index + 1))
    }
    return sum * envelope(at, note, shape)
  })
}

const harmonics = (count: number, slope: number) => Array.from({ length: count }, (_, at) => (at + 1) ** -slope)

/** A plucked string (Karplus and Strong, 1983). */
function pluck({ pitch, seconds }: Note, random: Random): Float32Array {
  const period = Math.max(2, Math.round(RATE / pitch))
  const string = Float32Array.from({ length: period }, () => white(random))
  return silent(seconds).map((_, at) => {
    const value = string[at % period] ?? 0
    string[at % period] = 0.497 * (value + (string[(at + 1) % period] ?? 0))
    return value
  })
}

/** A tone whose phase another one moves (Chowning, 1973): bells and electric pianos. */
function bell(note: Note): Float32Array {
  return silent(note.seconds).map((_, sample) => {
    const at = sample / RATE
    const index = 3 * Math.exp(-at * 3)
    const phase = 2 * Math.PI * note.pitch * at
    return Math.sin(phase + index * Math.sin(phase * 1.41)) * envelope(at, note, { attack: 0.005, decay: 0.6 })
  })
}

const INSTRUMENTS: Readonly<Record<string, Instrument>> = {
  pluck,
  bell,
  organ: note => additive(note, [1, 0.6, 0.3, 0.4, 0, 0.2, 0, 0.2], { attack: 0.02, decay: 9 }),
  strings: note => additive(note, harmonics(14, 1), { attack: 0.15, decay: 9 }, 1.2),
  piano: note => additive(note, harmonics(10, 1.3), { attack: 0.004, decay: 0.5 }),
  flute: note => additive(note, [1, 0.3, 0.08], { attack: 0.06, decay: 9 }, 0.6),
  guitar: note => additive(note, harmonics(20, 0.8), { attack: 0.01, decay: 1.5 }).map(sample => Math.tanh(sample * 4)),
}

/** Drums of one bar of eight beats. */
function bar(beat: number, random: Random): Float32Array {
  const drums = silent(beat * 8)
  const noise = (seconds: number, decay: number) =>
    silent(seconds).map((_, at) => white(random) * Math.exp(-at / RATE / decay))
  const kick = silent(0.25).map((_, sample) => {
    const at = sample / RATE
    return Math.sin(2 * Math.PI * (50 * at + 8 * (1 - Math.exp(-at * 30)))) * Math.exp(-at / 0.08)
  })
  // Played softly or hard, with more or less of the cymbals.
  const [hats, snare] = [between(random, 0.2, 1), between(random, 0.5, 1.2)]
  if (random() < 0.3) mix(drums, highPassed(noise(beat * 8, 0.8), 2500), { gain: hats })
  for (let step = 0; step < 8; step += 1) {
    if (step % 4 === 0 || (step === 3 && random() < 0.3)) mix(drums, kick, { start: step * beat })
    if (step % 4 === 2) mix(drums, lowPassed(noise(0.2, 0.07), 5000), { start: step * beat, gain: snare })
    mix(drums, highPassed(noise(0.08, 0.03), 5000), { start: step * beat, gain: hats })
  }
  return drums
}

/** Random music: a tune, chords, bass and drums, or some of these. The same `random` gives the same music. */
export function music(seconds: number, random: Random): Float32Array {
  const beat = 60 / between(random, 80, 170) / 2
  const root = between(random, 110, 220)
  const scale = pick(random, SCALES)
  const progression = pick(random, CHORDS)
  const pitchOf = (degree: number, octave = 0) => {
    const steps = (scale[degree % scale.length] ?? 0) + 12 * (Math.floor(degree / scale.length) + octave)
    return root * 2 ** (steps / 12)
  }
  const names = Object.keys(INSTRUMENTS)
  const instrument = (name: string): Instrument => INSTRUMENTS[name] ?? pluck
  const [lead, chords, bass] = [pick(random, names), pick(random, names), pick(random, ['pluck', 'organ', 'piano'])]
  const parts = { lead: random() < 0.8, chords: random() < 0.7, bass: random() < 0.6, drums: random() < 0.55 }
  if (!parts.lead && !parts.drums) parts.chords = true
  // Distorted guitars and loud drums, pressed together as records are.
  const isRock = random() < 0.3
  if (isRock) Object.assign(parts, { chords: true, drums: true, bass: true })
  const whole = silent(seconds)
  const play = (name: string, note: Note, options: { start: number; gain: number }) =>
    mix(whole, instrument(name)(note, random), options)
  let degree = Math.floor(between(random, 5, 10))
  for (let start = 0, measure = 0; start < seconds; start += beat * 8, measure += 1) {
    const harmony = progression[measure % progression.length] ?? 0
    if (parts.chords) {
      // Held, or struck anew at each beat.
      const strokes = isRock ? 8 : pick(random, [1, 1, 2, 4, 8])
      for (let stroke = 0; stroke < strokes; stroke += 1) {
        for (const third of isRock ? [0, 4, 7] : [0, 2, 4]) {
          const note = { pitch: pitchOf(harmony + third, isRock ? -1 : 0), seconds: (beat * 8) / strokes }
          play(isRock ? 'guitar' : chords, note, { start: start + stroke * note.seconds, gain: 0.25 })
        }
      }
    }
    if (parts.bass) {
      for (const at of [0, 3, 4, 6])
        play(bass, { pitch: pitchOf(harmony, -1), seconds: beat * 2 }, { start: start + at * beat, gain: 0.5 })
    }
    if (parts.drums) mix(whole, bar(beat, random), { start, gain: isRock ? between(random, 0.6, 1.2) : 0.5 })
    for (let at = 0; parts.lead && at < 8; ) {
      const length = pick(random, [1, 1, 2, 2, 4])
      degree = Math.min(14, Math.max(3, degree + pick(random, [-2, -1, -1, 0, 1, 1, 2])))
      if (random() > 0.12)
        play(lead, { pitch: pitchOf(degree), seconds: beat * length * 0.98 }, { start: start + at * beat, gain: 0.4 })
      at += length
    }
  }
  if (!isRock) return scaled(whole)
  const drive = between(random, 2, 8)
  return scaled(scaled(whole, 1).map(sample => Math.tanh(sample * drive)))
}
