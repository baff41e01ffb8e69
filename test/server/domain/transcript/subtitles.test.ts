import { parseSubtitles } from '@cuewire/server/domain/transcript/subtitles.js'
import type { AppError } from '@cuewire/server/lib/app-error.js'
import t from 'tap'

const parse = async (format: 'vtt' | 'srt', text: string) =>
  parseSubtitles({ format, text, source: 'given' }).segments.map(({ start, end, text }) => [start, end, text])

t.test('a sentence over two cues is joined, and two sentences in one cue share its time by length', async t => {
  const segments = await parse(
    'vtt',
    'WEBVTT\n\n00:01.000 --> 00:03.000\nThe boats leave\n\n00:03.000 --> 00:05.000\nat dawn. We wait.\n',
  )
  t.match(segments, [
    [1, Number, 'The boats leave at dawn.'],
    [Number, 5, 'We wait.'],
  ])
  const [, end] = segments[0] ?? []
  t.ok(Number(end) > 3.5 && Number(end) < 4.5, `the first ends within the second cue, at ${end}`)
})

t.test('tags, styling codes and entities are gone', async t => {
  const text = '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Salt</i> {\\an8}&amp; <b>water</b>&#33;\r\n'
  t.same(await parse('srt', text), [[1, 2.5, 'Salt & water!']])
})

t.test('rolling captions say each line once', async t => {
  const text = `WEBVTT

00:00.000 --> 00:02.000
hello there

00:02.000 --> 00:02.010
hello there

00:02.010 --> 00:04.000
hello there
my<00:00:02.500><c> friend.</c>

00:04.010 --> 00:06.000
my friend.
We bake.
`
  t.same(
    (await parse('vtt', text)).map(([, , said]) => said),
    ['hello there my friend.', 'We bake.'],
  )
})

t.test('sound tags are no speech, and a dash is a new speaker', async t => {
  const text =
    'WEBVTT\n\n00:01.000 --> 00:02.000\n[Music]\n\n00:02.000 --> 00:04.000\n- Are you there\n- MAN: Yes\n\n00:04.000 --> 00:05.000\n(APPLAUSE)\n'
  t.same(
    (await parse('vtt', text)).map(([, , said]) => said),
    ['Are you there', 'Yes'],
  )
})

t.test('a cue whose times cannot be read is left out, which is told with its line', async t => {
  const text = 'WEBVTT\n\nxx --> yy\nbad\n\n00:04.000 --> 00:05.000\nGood.\n'
  const { segments, warnings } = parseSubtitles({ format: 'vtt', text, source: 'given' })
  t.match(segments, [{ start: 4, end: 5, text: 'Good.' }])
  t.equal(segments.length, 1)
  t.same(warnings, ['The cue at line 3 was left out: the times cannot be read.'])
})

t.test('what is said in a cue that ends before it begins, or never, is kept', async t => {
  const cues = [
    '00:00:03,000 --> 00:00:02,000\nBackwards.',
    '00:00:09,000 --> ??\nOpen.',
    '?1:00 --> 00:00:20,000\nLate.',
  ]
  t.same(await parse('srt', cues.join('\n\n')), [
    [3, 4, 'Backwards.'],
    [9, 10, 'Open.'],
    [19, 20, 'Late.'],
  ])
})

t.test('what begins after the end of the video is left out, and the rest ends with it', async t => {
  const text = '1\n0:01 --> 0:04\nOne.\n\n2\n0:08 --> 0:20\nTwo.\n\n3\n0:40 --> 0:45\nThree.\n'
  const { segments, warnings } = parseSubtitles({ format: 'srt', text, source: 'given', duration: 12 })
  t.match(segments, [
    { start: 1, end: 4, text: 'One.' },
    { start: 8, end: 12, text: 'Two.' },
  ])
  t.same(warnings, ['1 cues begin after the end of the video and were left out.'])
  t.throws(() => parseSubtitles({ format: 'srt', text, source: 'given', duration: 0.5 }), {
    code: 'subtitles.invalid',
    message: /after the end of the video/,
  })
})

t.test('a cue that claims hours is as long as its text needs', async t => {
  t.match(await parse('srt', '0:00:09,000 --> 10:00:00,000\nBy the fans of this show.\n'), [[9, Number, /fans/]])
  const [first] = await parse('srt', '0:00:09,000 --> 10:00:00,000\nBy the fans of this show.\n')
  t.ok(Number(first?.[1]) <= 39)
})

t.test('cues that overlap give sentences that begin in order', async t => {
  const text = '0:01 --> 0:20\nOne. Two. Three. Four.\n\n0:02 --> 0:03\nFive.\n\n0:02 --> 0:03\nFive.\n'
  const segments = await parse('srt', text)
  const starts = segments.map(([start]) => Number(start))
  t.same(
    starts,
    [...starts].sort((a, b) => a - b),
  )
  t.equal(segments.filter(([, , said]) => said === 'Five.').length, 1, 'shown twice at one time, said once')
})

t.test('a text without a readable cue is refused with a sample of what is wanted', async t => {
  for (const format of ['vtt', 'srt'] as const)
    for (const text of ['hello', 'WEBVTT\n', '{"a":1}'])
      await t.rejects(parse(format, text), { code: 'subtitles.invalid', message: /-->/ } satisfies Partial<
        Record<keyof AppError, unknown>
      >)
})

t.test('segments are numbered in order and carry no guessed word times', async t => {
  const { segments } = parseSubtitles({
    format: 'vtt',
    text: 'WEBVTT\n\n00:01.000 --> 00:04.000\nOne. Two. Three.\n',
    source: 'embedded',
    language: 'en',
  })
  t.same(
    segments.map(({ index, words, source, language }) => [index, words, source, language]),
    [0, 1, 2].map(index => [index, [], 'embedded', 'en']),
  )
})
