import { audio } from './audio.js'
import { chapters } from './chapters.js'
import { language } from './language.js'
import type { Measure } from './measure.js'
import { objects } from './objects.js'
import { outline } from './outline.js'
import { scenes } from './scenes.js'
import { shots } from './shots.js'
import { speakers } from './speakers.js'
import { speech } from './speech.js'
import { summary } from './summary.js'
import { text } from './text.js'
import { tracks } from './tracks.js'
import { vectors } from './vectors.js'

/** Everything that `npm run quality` measures. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  shots,
  speech,
  language,
  speakers,
  text,
  audio,
  chapters,
  outline,
  summary,
  objects,
  tracks,
  vectors,
  scenes,
}
