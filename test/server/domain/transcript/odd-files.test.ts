import { parseSubtitles } from '@cuewire/server/domain/transcript/subtitles.js'
import t from 'tap'
import { subStationScript } from '../../../support/sub-station.js'

const SAID = ['Let us begin on the farm.', 'Every spring the lambs are born.', 'A shepherd guards the animals.']
const [ONE = '', TWO = ''] = SAID

const said = (format: 'srt' | 'vtt' | 'ass', text: string) =>
  parseSubtitles({ format, text, source: 'given' }).segments.map(segment => segment.text)
const times = (format: 'srt' | 'vtt', text: string) =>
  parseSubtitles({ format, text, source: 'given' }).segments.map(({ start, end }) => [start, end])

/** A SubRip file of three cues, each written by `cue`. */
const srt = (cue: (number: number, times: string, text: string) => string) =>
  SAID.map((text, at) => cue(at + 1, `00:00:0${at * 3 + 1},000 --> 00:00:0${at * 3 + 3},000`, text)).join('')

const ODD_SRT: Readonly<Record<string, string>> = {
  'separator lines hold blanks': srt((number, times, text) => `${number}\r\n${times}\r\n${text}\r\n \t\r\n`),
  'no blank lines': srt((number, times, text) => `${number}\n${times}\n${text}\n`),
  'every line is followed by a blank one': srt((number, times, text) => `${number}\n\n${times}\n\n${text}\n\n`),
  'blank lines within the text': srt(
    (number, times, text) => `${number}\n${times}\n\n${text.replace(' ', '\n\n')}\n\n`,
  ),
  'no numbers': srt((_, times, text) => `${times}\n${text}\n\n`),
  'no numbers and no blank lines': srt((_, times, text) => `${times}\n${text}\n`),
  'spaces before numbers and times': srt((number, times, text) => ` ${number} \n  ${times} \n${text}\n\n`),
  'a byte order mark': `\uFEFF${srt((number, times, text) => `${number}\n${times}\n${text}\n\n`)}`,
  'old Macintosh line ends': srt((number, times, text) => `${number}\r${times}\r${text}\r\r`),
  'coordinates after the times': srt(
    (number, times, text) => `${number}\n${times}  X1:100 X2:600 Y1:400 Y2:440\n${text}\n\n`,
  ),
  'the text on the line of the times': srt((number, times, text) => `${number}\n${times} ${text}\n\n`),
  'another arrow': srt(
    (number, times, text) => `${number}\n${times.replace('-->', ['–>', '→', '->'][number % 3] ?? '')}\n${text}\n\n`,
  ),
  'no spaces around the arrow': srt((number, times, text) => `${number}\n${times.replaceAll(' ', '')}\n${text}\n\n`),
  'an escaped arrow': srt((number, times, text) => `${number}\n${times.replace('>', '&gt;')}\n${text}\n\n`),
  'points for commas': srt((number, times, text) => `${number}\n${times.replaceAll(',', '.')}\n${text}\n\n`),
  'colons for commas': srt((number, times, text) => `${number}\n${times.replaceAll(',', ':')}\n${text}\n\n`),
  'no milliseconds': srt((number, times, text) => `${number}\n${times.replaceAll(',000', '')}\n${text}\n\n`),
  'one digit for the hour': srt(
    (number, times, text) => `${number}\n${times.replaceAll('00:00', '0:00')}\n${text}\n\n`,
  ),
  'no hours': srt((number, times, text) => `${number}\n${times.replaceAll('00:00', '00')}\n${text}\n\n`),
  'spaces that a translator put into the times': srt(
    (number, times, text) => `${number}\n${times.replaceAll(':', ': ').replaceAll(',', ', ')}\n${text}\n\n`,
  ),
}

for (const [name, text] of Object.entries(ODD_SRT))
  t.test(`SubRip: ${name}`, async t => {
    t.same(said('srt', text), SAID)
    t.same(times('srt', text), [
      [1, 3],
      [4, 6],
      [7, 9],
    ])
  })

t.test('SubRip: numbers that are said are kept', async t => {
  const numbered = '1\n0:01 --> 0:03\n1984\n\n2\n0:06 --> 0:08\n42\nis the answer.\n\n3\n0:11 --> 0:13\nThen came\n7\n'
  t.same(said('srt', numbered), ['1984', '42 is the answer.', 'Then came 7'])
  t.same(said('srt', '0:01 --> 0:03\n1984\n\n0:06 --> 0:08\nA year.\n'), ['1984', 'A year.'])
})

t.test('SubRip: fractions of any length are read as such', async t => {
  t.same(times('srt', '00:00:04,5 --> 00:00:06,25\na\n'), [[4.5, 6.25]])
})

t.test('times within the text are text', async t => {
  for (const line of ['We are open 10:00 - 12:00.', '1:30 -> 2:00 is the best part.', 'Go --> there at 5.'])
    t.same(said('srt', `1\n0:01 --> 0:04\n${line}\n`), [line])
})

const vtt = (...cues: string[]) => `WEBVTT\n\n${cues.join('\n\n')}\n`

t.test('WebVTT: a cue glued to the header is read', async t => {
  t.same(said('vtt', `WEBVTT\n00:01.000 --> 00:03.000\n${ONE}\n\n00:04.000 --> 00:06.000\n${TWO}\n`), [ONE, TWO])
})

t.test('WebVTT: one digit for the hour or minute, minutes over 59, and commas', async t => {
  t.same(times('vtt', vtt(`0:01.000 --> 0:03.000\n${ONE}`, `1:00:07.000 --> 1:00:09.000\n${TWO}`)), [
    [1, 3],
    [3607, 3609],
  ])
  t.same(times('vtt', vtt(`59:58.000 --> 60:02.000\n${ONE}`, `120:00.000 --> 120:10.000\n${TWO}`)), [
    [3598, 3602],
    [7200, 7210],
  ])
  t.same(times('vtt', vtt(`1\n00:00:01,000 --> 00:00:03,000\n${ONE}`)), [[1, 3]])
})

t.test('WebVTT: remarks, styles, regions and identifiers are not said', async t => {
  const text = `WEBVTT - made by hand
Kind: captions

STYLE
::cue { color: red }

REGION
id:fred

NOTE a remark
over two lines

intro
00:00:01.000 --> 00:00:03.000 line:0 position:20% align:start
<v Ann Example>Let us begin <c.loud>on</c> the <i>farm</i>.

NOTE another

00:00:04.000 --> 00:00:06.000
<v.first Bob>Every spring &amp; <lang en>summer</lang>.

00:00:10.000 --> 00:00:12.000
Tail without end`
  t.same(said('vtt', text), [ONE, 'Every spring & summer.', 'Tail without end'])
})

t.test('WebVTT: files put together, and a text without the header', async t => {
  const cue = `00:00:01.000 --> 00:00:03.000\n${ONE}\n\n`
  t.same(
    said(
      'vtt',
      `WEBVTT\n\n${cue}WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n${cue.replaceAll(':0', ':1')}`,
    ),
    [ONE, ONE],
  )
  t.same(said('vtt', cue), [ONE])
})

t.test('a text is read as what it is, whatever it was called', async t => {
  t.same(said('srt', vtt(`00:01.000 --> 00:03.000\n${ONE}`, 'NOTE not said')), [ONE])
  t.same(said('vtt', ODD_SRT['separator lines hold blanks'] ?? ''), SAID)
})

t.test('what only looks like a sound, a speaker or a tag is kept', async t => {
  for (const line of [
    'The World Health Organization (WHO) met today.',
    'We write this in C# and F# on the server.',
    'The value of list[0] is the first of array[i].',
    'Hashtag #farm is not the same as #1.',
    'NASA: we have a lift-off.',
    'NOTE: read chapter 2 first.',
    'HTTP 404: not found.',
    'I - I do not know.',
    'It fell to -5 degrees.',
    'Use a List<String> for the names.',
    'Type <enter> to go on.',
    'Is a <b and c> d here?',
    'Press {escape} and [Enter] now.',
    'if a < b && c > d then stop.',
    '(I think so, too.)',
  ])
    t.same(said('srt', `1\n0:01 --> 0:04\n${line}\n`), [line])
  t.same(said('srt', '1\n0:01 --> 0:04\nQ: What do lambs drink? A: Milk.\n'), ['Q: What do lambs drink?', 'A: Milk.'])
})

t.test('what surely is a sound, a speaker or a tag goes', async t => {
  for (const line of [
    '[Music] Hello there.',
    '[JOHN]: Hello there.',
    'Hello [laughs] there.',
    'Hello (LAUGHTER) there.',
    '(MAN) Hello there.',
    'NARRATOR: Hello there.',
    '>> Hello there.',
    '- Hello there.',
    '♪ Hello there. ♪',
    '# Hello there. #',
    '<font color="#fff"><I>Hello</I></font> there.',
    '{\\an8}{\\pos(10,20)}Hello {y:i}there.',
    '<00:00:01.500>Hello<br>there.',
  ])
    t.same(said('srt', `1\n0:01 --> 0:04\n${line}\n`), ['Hello there.'], line)
  t.same(said('srt', '1\n0:01 --> 0:04\n(door opens)\n\n2\n0:05 --> 0:06\nHello there.\n'), ['Hello there.'])
})

t.test('a name in capitals that begins line after line is a speaker', async t => {
  const text = ['JANE: One.', 'TOM: Two.', 'JANE: Three.', 'TOM: Four.', 'JANE: Five.', 'TOM: Six.', 'NASA: Seven.']
  const cues = text.map((line, at) => `${at + 1}\n0:0${at} --> 0:0${at + 1}\n${line}\n`)
  t.same(said('srt', cues.join('\n')), ['One.', 'Two.', 'Three.', 'Four.', 'Five.', 'Six.', 'NASA: Seven.'])
})

t.test('SubStation Alpha: only what is spoken', async t => {
  const text =
    subStationScript(`Dialogue: 0,0:00:13.00,0:00:15.00,Default,,0,0,0,,A shepherd {a remark}guards, the animals.
Dialogue: 0,0:00:01.00,0:00:04.00,Default,Ann,0,0,0,,Let us begin\\Non the farm.
Dialogue: 0,0:00:02.00,0:00:06.00,Title,,0,0,0,,{\\an7\\pos(10,10)\\p1}m 0 0 l 100 0 100 30 0 30{\\p0}
Dialogue: 1,0:00:02.00,0:00:06.00,Sign,,0,0,0,,{\\an8\\bord4}FRESH MILK
Dialogue: 0,0:00:05.00,0:00:08.00,Default,Bob,0,0,0,,Every {\\i1}spring{\\i0} the lambs\\hare born.
Comment: 0,0:00:09.00,0:00:12.00,Default,,0,0,0,,note to the editor
Dialogue: 0,0:00:09.00,0:00:12.00,Default,,0,0,0,,{\\k20}They {\\k30}drink {\\k40}milk{\\k40} here.
Dialogue: 1,0:00:09.00,0:00:12.00,Default,,0,0,0,,They drink milk here.
`)
  t.same(said('ass', text), [ONE, TWO, 'They drink milk here.', 'A shepherd guards, the animals.'])
  t.same(said('vtt', text), said('ass', text), 'whatever it was called')
})

t.test('scripts without spaces are cut into sentences, and no character is lost', async t => {
  const long = '羊'.repeat(450)
  const texts = said('srt', `1\n0:01 --> 0:09\n今天去农场。春天生羊羔！${long}\n`)
  t.same(texts.slice(0, 2), ['今天去农场。', '春天生羊羔！'])
  t.equal(texts.slice(2).join('').replaceAll(' ', ''), long)
})

t.test('sentences without spaces between them follow each other', t => {
  const { segments } = parseSubtitles({
    format: 'srt',
    source: 'given',
    text: '1\n00:00:01,000 --> 00:00:05,000\n今天去农场看羊。春天生羊羔！牧羊人很忙。\n',
  })
  t.equal(segments.length, 3)
  t.match([segments[0]?.start, segments.at(-1)?.end], [1, 5])
  for (const [at, { end }] of segments.entries()) t.ok(end <= (segments[at + 1]?.start ?? 5))
  t.end()
})
