import { LIMITS } from '@cuewire/protocol'
import { toLine } from '../../lib/text.js'
import type { CueLine } from './cues.js'
import { plainLine } from './plain-line.js'

/**
 * A voice span of WebVTT opens, as in `<v Tom>` and `<v.loud Tom>`, or closes. Lengths are bounded so that the work
 * stays linear on damaged text.
 */
const VOICE_TAG = /<v(?:\.[^\s<>]{0,200})?(?:[ \t]([^<>]{0,250}))?>|<\/v[ \t]{0,20}>/gi

/**
 * The lines of a cue without markup, split where the voice changes. Text outside voice spans belongs to `speaker`, the
 * speaker the file names for the whole cue.
 */
export function voicedLines(lines: readonly string[], speaker: string | undefined): CueLine[] {
  const outside = speakerName(speaker)
  const voiced: CueLine[] = []
  let voice = outside
  const take = (marked: string) => {
    const text = toLine(plainLine(marked), LIMITS.textLength)
    if (text) voiced.push({ text, voice })
  }
  for (const line of lines) {
    let from = 0
    for (const tag of line.matchAll(VOICE_TAG)) {
      take(line.slice(from, tag.index))
      voice = speakerName(tag[1]) ?? outside
      from = tag.index + tag[0].length
    }
    take(line.slice(from))
  }
  return voiced
}

/** Tags and entities go first: an entity may stand for a control character. */
const speakerName = (name = '') => toLine(plainLine(name), LIMITS.labelLength) || undefined
