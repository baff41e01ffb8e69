import { LIMITS } from '@cuewire/protocol'
import { parseSubtitles } from '@cuewire/server/domain/transcript/subtitles.js'
import t from 'tap'

type Format = 'vtt' | 'srt' | 'ass'

const spoken = (format: Format, text: string) =>
  parseSubtitles({ format, text, source: 'embedded' }).segments.map(({ speaker, text }) => [speaker, text])

/** Cues of two seconds each, one after the other. */
function cues(format: 'vtt' | 'srt', ...texts: string[]): string {
  const clock = (seconds: number) => `00:00:${String(seconds).padStart(2, '0')}.000`
  const blocks = texts.map((text, at) => `${clock(2 * at)} --> ${clock(2 * at + 2)}\n${text}\n`)
  return (format === 'vtt' ? 'WEBVTT\n\n' : '') + blocks.join('\n')
}

const vtt = (...texts: string[]) => spoken('vtt', cues('vtt', ...texts))
const srt = (...texts: string[]) => spoken('srt', cues('srt', ...texts))
const ass = (fields: string, ...events: string[]) =>
  spoken('ass', `[Script Info]\n\n[Events]\nFormat: ${fields}\n${events.map(event => `Dialogue: ${event}\n`).join('')}`)

t.test('a voice span of WebVTT names the speaker, with classes, entities and lines', async t => {
  t.same(
    vtt(
      '<v Tom>The tide\nis low.</v>',
      '<v.loud.first Mary &amp; <i>Ann>Hi.',
      '<V\tJosé>Hola.</V> <c>Wind.</c>',
      '<v>Who?</v>',
      '<v.loud>Me.',
    ),
    [
      ['Tom', 'The tide is low.'],
      // A name cannot hold a tag, so this is no voice span.
      [undefined, '<v.loud.first Mary & Ann>Hi.'],
      ['José', 'Hola.'],
      [undefined, 'Wind.'],
      [undefined, 'Who?'],
      [undefined, 'Me.'],
    ],
  )
  t.same(vtt('<v.loud.first Mary &amp; Ann>Hi.'), [['Mary & Ann', 'Hi.']])
  t.same(srt('<v Tom>Hello.</v>'), [['Tom', 'Hello.']], 'in SubRip, too')
})

t.test('a sentence is joined over cues of one voice, but never with another', async t => {
  t.same(
    vtt(
      '<v Tom>The boats leave',
      '<v Tom>before dawn',
      '<v Mary>and come back',
      'at noon',
      '<v Ann>I said <v Tom>nothing <v Ann>at all',
    ),
    [
      ['Tom', 'The boats leave before dawn'],
      ['Mary', 'and come back'],
      [undefined, 'at noon'],
      ['Ann', 'I said'],
      ['Tom', 'nothing'],
      ['Ann', 'at all'],
    ],
  )
})

t.test('the same words of another voice are no repeat', async t => {
  t.same(vtt('<v Tom>Yes.', '<v Mary>Yes.', '<v Mary>Yes.\n<v Mary>No.'), [
    ['Tom', 'Yes.'],
    ['Mary', 'Yes.'],
    ['Mary', 'No.'],
  ])
  const same = '00:01.000 --> 00:03.000\n'
  t.same(spoken('vtt', `WEBVTT\n\n${same}<v Tom>Go!\n\n${same}<v Ann>Go!\n\n${same}<v Ann>Go!\n`), [
    ['Tom', 'Go!'],
    ['Ann', 'Go!'],
  ])
})

t.test('a name in capitals speaks to the end of its cue and of the sentence it began', async t => {
  t.same(
    srt(
      '- JOHN: We need a lamp,',
      'a rope and oil. Go now.',
      'Where to?',
      '- Left.\n- MAN 2: No, right. It is near',
      '- the harbour.',
      'NARRATOR:\nThey went left.',
    ),
    [
      ['JOHN', 'We need a lamp, a rope and oil.'],
      ['JOHN', 'Go now.'],
      [undefined, 'Where to?'],
      [undefined, 'Left.'],
      ['MAN 2', 'No, right.'],
      ['MAN 2', 'It is near'],
      [undefined, 'the harbour.'],
      ['NARRATOR', 'They went left.'],
    ],
  )
  t.same(srt('JOHN: I was there', 'for a year.', 'JOHN: Alone.', 'JOHN: Yes.')[0], ['JOHN', 'I was there for a year.'])
})

t.test('a name does not last over a pause', async t => {
  const text = '0:01 --> 0:03\nMAN: I thought\n\n0:09 --> 0:11\nwe should go.\n'
  t.same(spoken('srt', text), [
    ['MAN', 'I thought'],
    [undefined, 'we should go.'],
  ])
})

t.test('what is no certain mark of a speaker stays text', async t => {
  t.same(srt('NASA: we have a lift-off.', 'NOTE: read chapter 2.', 'Tom: hello.'), [
    [undefined, 'NASA: we have a lift-off.'],
    [undefined, 'NOTE: read chapter 2.'],
    [undefined, 'Tom: hello.'],
  ])
})

t.test('a dash within a voice is somebody whose name is not known', async t => {
  t.same(vtt('<v Tom>- Ready?\n- MARY: Never.\n- I am,</v>', '<v Tom>you know'), [
    ['Tom', 'Ready?'],
    ['MARY', 'Never.'],
    [undefined, 'I am,'],
    ['Tom', 'you know'],
  ])
})

t.test('a script of SubStation Alpha names the speaker in a field', async t => {
  t.same(
    ass(
      'Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
      '0,0:00:01.00,0:00:02.00,Default,Tom,0,0,0,,The boats leave',
      '0,0:00:02.00,0:00:03.00,Default,Tom,0,0,0,,before dawn, {\\i1}always',
      '0,0:00:03.00,0:00:04.00,Default,Mary,0,0,0,,not today.',
      '0,0:00:04.00,0:00:05.00,Default,,0,0,0,,Gulls.',
      '0,0:00:05.00,0:00:06.00,Default,NTP,0,0,0,,Wind.',
    ),
    [
      ['Tom', 'The boats leave before dawn, always'],
      ['Mary', 'not today.'],
      [undefined, 'Gulls.'],
      [undefined, 'Wind.'],
    ],
  )
  t.same(ass('Start, End, Actor, Text', '0:00:01.00,0:00:02.00,Ann,Hi.'), [['Ann', 'Hi.']])
})

t.test('a name of any length and with any characters fits the protocol', async t => {
  const [[long = ''] = []] = vtt(`<v ${'é'.repeat(LIMITS.labelLength + 20)}>Hi.`)
  t.equal(long.length, LIMITS.labelLength)
  t.same(vtt(`<v a&#10;b&#x202e;c\u0007>Hi.`), [['a bc', 'Hi.']])
  t.same(vtt('<v &nbsp;>Hi.'), [[undefined, 'Hi.']])
})
