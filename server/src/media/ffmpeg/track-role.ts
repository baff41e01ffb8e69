import type { TrackRole } from '@cuewire/protocol'
import { type ProbedStream, tag } from './probed-stream.js'

// Words of track titles, in the languages that discs and broadcasts are most often labelled in.
const COMMENTARY = /\b(?:comment(?:ary|aries|aire|aires|ator|ators)?|(?:audio)?kommentar\w*|comentario\w*|commento)\b/i
const DESCRIPTION =
  /\b(?:(?:audio|video)[ -]?(?:descri\w+|deskription\w*)|descri(?:bed|ptive)\b|descriptions?\b|visual(?:ly)?[ -]impaired|h(?:ö|oe)rfilm\w*)/i
// In capitals only, because "ad" is also an advertisement.
const DESCRIPTION_LETTERS = /(?:^|[\s([])(?:AD|DVS)(?:$|[\s)\]])/
const DUB = /\b(?:dub|dubs|dubbed|dubbing|synchronfassung|doublage)\b/i

/** What a sound stream is besides the original sound, from its disposition or the words of its title. Undefined for the original. */
export function roleOf({ disposition = {}, tags }: ProbedStream): TrackRole | undefined {
  // QuickTime names a track by its handler.
  const title = [tag(tags, 'title'), tag(tags, 'handler_name')].join('\n')
  if (disposition.comment || COMMENTARY.test(title)) return 'commentary'
  const isDescribed = DESCRIPTION.test(title) || DESCRIPTION_LETTERS.test(title)
  if (disposition.visual_impaired || disposition.descriptions || isDescribed) return 'description'
  return disposition.dub || DUB.test(title) ? 'dub' : undefined
}
