/** Samples of a window that GE2E reads: 1.6 s at 16 kHz, as in its training. */
export const VOICE_WINDOW = 25_600
