import { LIMITS } from '@cuewire/protocol'

/** A subtitle text that is hard on its reader, and what is to come of it. */
export interface SubtitleCase {
  readonly name: string
  readonly format: 'srt' | 'vtt'
  readonly text: string
  /** What the message of the refusal says; undefined where it is read. */
  readonly refused?: RegExp
}

const TOO_LONG = /a cue may have/
const NO_CUE = /No cue could be read/

/** Text of which a reader may look at each piece again and again. */
const UNITS: Readonly<Record<string, string>> = {
  'number signs': '#',
  'opening brackets': '[',
  'remarks in brackets': '[a] ',
  parentheses: '((a) ',
  'tags that never close': '<i ',
  tags: '<b>x</b>',
  'codes that never close': '{\\an8',
  ampersands: '&#x',
  entities: '&amp;',
  'music signs': '♪ ',
  dashes: '- a\n',
  'speaker labels': 'MAN: a\n',
  'arrows in text': '--> ',
  'full stops': 'a. ',
  'exclamation marks': 'a! ',
  abbreviations: 'Dr. ',
  closers: '")]\'',
  'wide full stops': '今。',
  emoji: '😀',
  'half a surrogate pair': '\ud800',
  'zero bytes': '\0',
  spaces: ' ',
  'one-letter lines': 'a\n',
  'lines that repeat': 'ab\nba\n',
  digits: '1',
  'addresses without spaces': 'http://a/',
}

/** Of these no cue has anything to say; by the standard of WebVTT an arrow begins another cue. */
const EMPTY = ['zero bytes', 'spaces']
const EMPTY_IN_VTT = [...EMPTY, 'arrows in text']
const refusedIf = (isRefused: boolean) => (isRefused ? { refused: NO_CUE } : {})

/** Worst cases of the SubRip and WebVTT grammars at `characters`, as many as one command may carry unless told. */
export function subtitleCases(characters: number = LIMITS.subtitlesLength): SubtitleCase[] {
  return [
    ...found(characters),
    ...Object.entries(UNITS).flatMap(([name, unit]): SubtitleCase[] => [
      {
        name: `${name}, in long cues`,
        format: 'srt',
        text: longCues(unit, characters),
        ...refusedIf(EMPTY.includes(name)),
      },
      {
        name: `${name}, in many cues`,
        format: 'vtt',
        text: manyCues(unit, characters),
        ...refusedIf(EMPTY_IN_VTT.includes(name)),
      },
      { name: `${name}, without cues`, format: 'srt', text: fill(unit, characters), refused: NO_CUE },
    ]),
  ]
}

/** The cases that once held the event loop for seconds and minutes. */
function found(characters: number): SubtitleCase[] {
  const cue = (text: string) => `1\n00:00:01,000 --> 00:00:05,000\n${text}\n`
  return [
    {
      name: '100,000 number signs and a letter',
      format: 'srt',
      text: cue(`${'#'.repeat(100_000)}a`),
      refused: TOO_LONG,
    },
    { name: '400,000 opening brackets', format: 'srt', text: cue('['.repeat(400_000)), refused: TOO_LONG },
    { name: '250,000 line breaks', format: 'srt', text: `${cue('a')}${'\n'.repeat(250_000)}` },
    { name: '163,000 full stops', format: 'srt', text: cue('a. '.repeat(163_000)), refused: TOO_LONG },
    { name: '2,000 ordinary cues', format: 'vtt', text: ordinaryCues(2000) },
    { name: 'as many cues as fit', format: 'srt', text: shortCues(characters) },
  ]
}

const SENTENCE = 'The boats leave the harbour before dawn, and the men mend their nets'

/** Cues as films have them: a sentence over two of them, and one every so many seconds. */
export function ordinaryCues(count: number, every = 3): string {
  const cues = Array.from({ length: count }, (_, at) => {
    const text = at % 2 === 0 ? `${SENTENCE} (${at})` : `and come back at noon, ${at} times a year.`
    return `${clock(at * every)} --> ${clock((at + 0.9) * every)}\n${text}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

function shortCues(characters: number): string {
  return times(characters, at => `0:${at % 60} --> 0:${(at % 60) + 1}\na.\n`)
}

function longCues(unit: string, characters: number): string {
  const text = fill(unit, LIMITS.cueLength - 1000)
  return times(characters, at => `${clock(at * 5)} --> ${clock(at * 5 + 5)}\n${text}\n\n`)
}

function manyCues(unit: string, characters: number): string {
  return `WEBVTT\n\n${times(characters - 10, at => `${clock(at)} --> ${clock(at + 1)}\n${unit}\n\n`)}`
}

/** As many pieces as fit. */
function times(characters: number, piece: (at: number) => string): string {
  const pieces: string[] = []
  let length = 0
  for (let at = 0; ; at += 1) {
    const next = piece(at)
    length += next.length
    if (length > characters) return pieces.join('')
    pieces.push(next)
  }
}

const fill = (unit: string, characters: number) => unit.repeat(Math.floor(characters / unit.length))

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const milliseconds = String(Math.round((seconds % 1) * 1000)).padStart(3, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${milliseconds}`
}
