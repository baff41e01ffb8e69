import { MediaInfo } from '@cuewire/protocol'
import { usableChapters } from '@cuewire/server/media/ffmpeg/file-chapters.js'
import { Value } from '@sinclair/typebox/value'
import fc from 'fast-check'
import t from 'tap'

const chapter = (start: number, end: number, title?: string) => ({ start, end, title })

t.test('chapters are clipped to the media, put in order, and freed of what is none', t => {
  const found = usableChapters(
    [
      chapter(3300, 3300, 'Credits'),
      chapter(12, 40, 'Part A'),
      chapter(-0.003, 12, 'Intro'),
      chapter(12, 20, 'The same start again'),
      chapter(12.4, 13, 'A stub'),
      chapter(20, 20, 'Without an end'),
      chapter(29.5, 30, 'Too late to be one'),
    ],
    30,
  )
  t.same(found, [
    { start: 0, end: 12, title: 'Intro' },
    { start: 12, end: 20, title: 'Part A' },
    { start: 20, end: 30, title: 'Without an end' },
  ])
  t.end()
})

t.test('a chapter of a very short clip is kept', t => {
  t.same(usableChapters([chapter(0, 0.4, 'All')], 0.4), [{ start: 0, end: 0.4, title: 'All' }])
  t.end()
})

t.test('a first chapter that begins a little late begins with the media', t => {
  t.same(usableChapters([chapter(0.007, 12), chapter(12, 24)], 24), [
    { start: 0, end: 12 },
    { start: 12, end: 24 },
  ])
  t.end()
})

t.test('titles are plain lines that fit', t => {
  const titles = usableChapters(
    [
      chapter(0, 10, ' \u202eOne\r\n\u0000two\u001b '),
      chapter(10, 20, '\n'),
      chapter(20, 30, `${'x'.repeat(199)}\u{1f600}\u{1f600}`),
    ],
    30,
  ).map(({ title }) => title)
  t.same(titles, ['One two', undefined, `${'x'.repeat(199)}\u{1f600}`])
  t.end()
})

t.test('whatever a file brings, what is left fits the protocol', t => {
  const anyNumber = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -10, max: 200, noNaN: true }))
  const anyChapter = fc.record({
    start: anyNumber,
    end: anyNumber,
    title: fc.option(fc.string({ unit: 'binary', maxLength: 400 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(
      fc.array(anyChapter, { maxLength: 50 }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (raw, duration) => {
        const chapters = usableChapters(raw, duration)
        t.ok(Value.Check(MediaInfo, { container: '', duration, subtitles: [], chapters }))
        for (const [at, { start, end }] of chapters.entries()) {
          const next = chapters[at + 1]?.start ?? duration
          t.ok(start < end && end <= next && end <= duration)
        }
      },
    ),
  )
  const many = Array.from({ length: 20_000 }, (_, at) => chapter(at, at + 1))
  t.ok(usableChapters(many, 20_000).length <= 401)
  t.end()
})

t.test('a chapter without a length gives way to the real one at its place', t => {
  t.same(
    usableChapters(
      [
        chapter(0, 0, 'Nothing'),
        chapter(0, 12, 'Intro'),
        chapter(12, 12, 'Nothing'),
        chapter(12, 12.3, 'A stub'),
        chapter(12.3, 24, 'Main part'),
      ],
      24,
    ),
    [
      { start: 0, end: 12, title: 'Intro' },
      { start: 12, end: 24, title: 'Main part' },
    ],
  )
  t.end()
})
