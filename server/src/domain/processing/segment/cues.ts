/** Words a speaker may put in front of the opening itself. */
const LEAD = '(?:(?:okay|ok|right|alright|all right|now|so|and|well|then|good|great)[,.]? )*'
const PLACE = '(?:first|second|third|fourth|fifth|sixth|seventh|next|last|final)'
const PART =
  '(?:thing|step|type|kind|part|point|topic|question|reason|section|subject|chapter|lesson|method|rule|tip|idea|issue|stage|phase|example|way|group|category|option|one|area|item|piece|principle|mistake|problem|challenge|aspect|element|factor|technique|tool|word)s?'
const NUMBER = '(?:one|two|three|four|five|six|seven|\\d)'

const ANNOUNCEMENTS = [
  "let's",
  'let me (?:begin|start|turn|move|now|show|talk|explain|tell)',
  'let us (?:begin|start|turn|move|now|look|talk|consider)',
  "i(?: want|'d like| would like) to (?:talk|turn|move|start|begin|explain|show|discuss)",
  "we(?:'ll| will| can)? (?:now|turn|move on|start with|begin with)",
  'next(?:[,:]| (?:up|comes|is|we|come|on)\\b)',
  'moving on',
  'turning (?:now )?to',
  'on ?to ',
  '(?:finally|lastly|first|firstly|second|secondly|third|thirdly|fourth|fourthly),',
  'first (?:up|of all)',
  `the ${PLACE} ${PART}\\b`,
  `(?:our|my) ${PLACE} `,
  '(?:that|this|which) brings (?:me|us)',
  'to (?:finish|conclude|sum up|wrap up)\\b',
  'in (?:conclusion|summary|closing),',
  'before (?:we|i) (?:wrap|finish|end|go|close)',
  `(?:number|step|part|chapter) ${NUMBER}\\b`,
  'in this (?:part|section|chapter)',
  '(?:what|how) about',
]
const ANNOUNCEMENT = new RegExp(`^${LEAD}(?:${ANNOUNCEMENTS.join('|')})`, 'i')
const MARKER = /^(?:okay|ok|right|alright|all right|anyway|so|now)[,.]/i
const HINT =
  /^(?:now (?:for|to|let|we|the|about|on|that)|so (?:what|how|why|let|now|on|the)|then there|as for|when it comes to|finally|lastly|next|speaking of)\b/i

/** Ways to open a subject, by how surely they do, 0..1. */
const OPENINGS = [
  { pattern: ANNOUNCEMENT, strength: 1 },
  { pattern: MARKER, strength: 0.75 },
  { pattern: HINT, strength: 0.5 },
] as const

/** An opening that stands at this share of the sentences keeps the least of its strength: it is a habit. */
const LEAST = 0.3
/** One that stands at no more than one sentence in this many keeps all of it. */
const RARE = 12

/** Whether a sentence announces a new subject by its opening words. */
export function isAnnouncement(sentence: string): boolean {
  return ANNOUNCEMENT.test(sentence)
}

/**
 * How strongly each sentence of a talk announces a new subject by its opening words, 0..1. A way of opening that the
 * speaker uses often tells less, by the logarithm of how rare it is.
 */
export function cueStrengths(sentences: readonly string[]): number[] {
  const found = sentences.map(sentence => OPENINGS.findIndex(({ pattern }) => pattern.test(sentence)))
  const rarities = OPENINGS.map((_, opening) => {
    const times = found.filter(at => at === opening).length
    const rarity = Math.log(sentences.length / Math.max(1, times)) / Math.log(RARE)
    return Math.min(1, Math.max(LEAST, rarity))
  })
  return found.map(opening => (OPENINGS[opening]?.strength ?? 0) * (rarities[opening] ?? 0))
}
