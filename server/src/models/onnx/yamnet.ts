import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { PatchScores } from '../models.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'
import { CLASSES, MUSIC, SOUNDS, SPEECH } from './yamnet-classes.js'
import { logMelPatches, PATCH_FRAMES, PATCH_SIZE } from './yamnet-mel.js'

/** Patches of one run: between two runs an abort is noticed. */
const MAX_PATCHES = 8
/** Sounds with a lower score are left out. */
const MIN_SCORE = 0.1

/** YAMNet (Plakal and Ellis, 2020): scores the sounds of AudioSet in patches of 0.96 s, one every 0.48 s. */
export class Yamnet {
  private constructor(private readonly session: InferenceSession) {}

  static async open(path: string): Promise<Yamnet> {
    return new Yamnet(await openSession(path, { shapes: 'many' }))
  }

  release(): Promise<void> {
    return this.session.release()
  }

  /** Scores each whole patch of samples at 16 kHz. */
  async score(samples: Float32Array, signal?: AbortSignal): Promise<PatchScores[]> {
    const patches = logMelPatches(samples)
    const count = patches.length / PATCH_SIZE
    const found: PatchScores[] = []
    for (let first = 0; first < count; first += MAX_PATCHES) {
      signal?.throwIfAborted()
      const size = Math.min(MAX_PATCHES, count - first)
      const data = patches.subarray(first * PATCH_SIZE, (first + size) * PATCH_SIZE)
      const input = new Tensor('float32', data, [size, PATCH_FRAMES, PATCH_SIZE / PATCH_FRAMES])
      const scores = floatTensor(await this.session.run({ log_mel: input }), 'scores').data
      for (let patch = 0; patch < size; patch += 1)
        found.push(scoresOf(scores.subarray(patch * CLASSES, (patch + 1) * CLASSES)))
    }
    return found
  }
}

function scoresOf(scores: Float32Array): PatchScores {
  const sounds = Object.entries(SOUNDS).flatMap(([label, ranges]) => {
    const score = highest(scores, ranges)
    return score >= MIN_SCORE ? { label, score } : []
  })
  return { speech: highest(scores, SPEECH), music: highest(scores, MUSIC), sounds }
}

/** The highest score of the classes in these ranges, both ends included. */
function highest(scores: Float32Array, ranges: readonly (readonly [number, number])[]): number {
  return Math.min(1, Math.max(0, ...ranges.map(([first, last]) => Math.max(...scores.subarray(first, last + 1)))))
}
