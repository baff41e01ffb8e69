import { LIMITS } from '@cuewire/protocol'
import {
  type ParsedSubtitles,
  parseSubtitles,
  type SubtitlesRequest,
} from '@cuewire/server/domain/transcript/subtitles.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import fc from 'fast-check'
import t from 'tap'

const FORMATS = ['srt', 'vtt', 'ass'] as const

const time = fc
  .tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(9999), fc.constantFrom(',', '.', ':', ' , ', ''))
  .map(([hours, minutes, seconds, rest, point]) => `${hours}:${minutes}:${seconds}${point}${rest}`)
const timing = fc
  .tuple(
    time,
    fc.constantFrom('-->', ' --> ', '->', ' → ', '--', '-->-->', ''),
    time,
    fc.constantFrom('', ' align:start', ' text'),
  )
  .map(parts => parts.join(''))
/** What subtitle files are made of, right and wrong. */
const piece = fc.oneof(
  timing,
  fc.constantFrom('\n', '\r\n', '\r', '\n\n', ' \n', '\t'),
  fc.constantFrom(
    'WEBVTT',
    'NOTE',
    'STYLE',
    '1',
    '42',
    '[Script Info]\n',
    '[Events]\n',
    'Dialogue: 0,0:0:1,0:0:2,D,,0,0,0,,',
    'Format: Start,End,Text',
  ),
  fc.constantFrom(
    '<i>',
    '</i>',
    '<v A>',
    '<v.b &#7;',
    '</v>',
    '<',
    '>',
    '{\\an8}',
    '{\\p1}',
    '{',
    '}',
    '&amp;',
    '&#x110000;',
    '&#xd800;',
    '&',
    ';',
  ),
  fc.constantFrom('[a]', '[', ']', '(', ')', '♪', '#', '- ', '>> ', 'MAN: ', '\\N', '\\h'),
  fc.constantFrom('a.', 'Dr.', 'Yes! ', '“No”', '今天。', '😀', '\ud800', '\udc00', '\0', '\u202e', '\uFEFF'),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const anyText = fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join(''))

function parsed(request: SubtitlesRequest): ParsedSubtitles | undefined {
  try {
    return parseSubtitles(request)
  } catch (error) {
    if (error instanceof AppError && error.code === 'subtitles.invalid') return undefined
    throw error
  }
}

t.test('whatever the text: sentences in order, bounded and well-formed, or a refusal', async () => {
  fc.assert(
    fc.property(fc.constantFrom(...FORMATS), fc.constantFrom('given', 'embedded'), anyText, (format, source, text) => {
      const segments = parsed({ format, source, text })?.segments ?? []
      for (const [at, segment] of segments.entries()) {
        const { index, start, end, words } = segment
        if (index !== at || words.length > 0) throw new Error('numbered in order, without guessed words')
        if (!(start >= 0 && end >= start && end <= 360_000)) throw new Error(`a span of [${start}, ${end})`)
        if (start < (segments[at - 1]?.start ?? 0)) throw new Error('out of order')
        if (segment.text.trim() === '' || segment.text.length > LIMITS.textLength) throw new Error('empty or too long')
        if (!segment.text.isWellFormed() || /\p{Cc}/u.test(segment.text)) throw new Error('damaged text')
      }
    }),
    { numRuns: 3000 },
  )
})

const word = fc.stringMatching(/^[a-z]{3,9}$/)
const cueText = fc.array(word, { minLength: 1, maxLength: 6 })

interface Style {
  readonly numbered: boolean
  readonly separator: string
  readonly arrow: string
  readonly point: string
  readonly lineEnd: string
}
const style: fc.Arbitrary<Style> = fc.record({
  numbered: fc.boolean(),
  separator: fc.constantFrom('\n', '', ' \t\n', '\n\n'),
  arrow: fc.constantFrom(' --> ', '-->', ' → ', ' –> ', '\t-->\t'),
  point: fc.constantFrom(',', '.', ':'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
})

t.test('no word of a cue is lost, and none of a number or a time is said, however the file is written', async t => {
  fc.assert(
    fc.property(
      fc.array(cueText, { minLength: 1, maxLength: 12 }),
      style,
      (cues, { numbered, separator, arrow, point, lineEnd }) => {
        const at = (seconds: number) => `00:00:${String(seconds).padStart(2, '0')}${point}000`
        const text = cues
          .map(
            (words, n) =>
              `${numbered ? `${n + 1}\n` : ''}${at(3 * n)}${arrow}${at(3 * n + 2)}\n${words.join(' ')}\n${separator}`,
          )
          .join('')
          .replaceAll('\n', lineEnd)
        const { segments } = parseSubtitles({ format: 'srt', text, source: 'given' })
        const said = segments.map(segment => segment.text).join(' ')
        if (said !== cues.map(words => words.join(' ')).join(' ')) throw new Error(`said: ${said}`)
      },
    ),
    { numRuns: 1000 },
  )
  t.pass('as 1,000 files show')
})
