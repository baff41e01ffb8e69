import { chapters } from './chapters.js'
import type { Measure } from './measure.js'
import { shots } from './shots.js'
import { speech } from './speech.js'

/** Everything that `npm run quality` measures. */
export const MEASURES: Readonly<Record<string, Measure>> = { shots, speech, chapters }
