import type { VadState } from '../messages.js'

/** Samples the voice activity model takes at a time: 32 ms at 16 kHz. */
export const VAD_CHUNK = 512

/** The model wants the last samples of the former chunk in front of the new ones. */
export const VAD_CONTEXT = 64

export const VAD_STATE_DIMS: readonly number[] = [2, 1, 128]

/** Where a stream starts. */
export function initialVadState(): VadState {
  return { state: new Float32Array(2 * 1 * 128), context: new Float32Array(VAD_CONTEXT) }
}
