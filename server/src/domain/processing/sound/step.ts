import type { Seconds } from '@cuewire/protocol'
import { SPOOL_RATE } from '../audio-spool.js'

/** Length of a step of sound, which is judged as a whole. */
export const STEP: Seconds = 0.5
export const STEP_SAMPLES = STEP * SPOOL_RATE
