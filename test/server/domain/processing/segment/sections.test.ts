import { seededRandom } from '@cuewire/bench/lib/seeded-random.js'
import { outlineSections } from '@cuewire/server/domain/processing/segment/sections.js'
import t from 'tap'

const SIZE = 16
const random = seededRandom(3)

/** A vector of length 1 near the axis of its subject, and within that near the axis of its chapter. */
function meaning(subject: number, chapter: number): Float32Array {
  const vector = Float32Array.from({ length: SIZE }, (_, at) => {
    const axis = (at === subject ? 2 : 0) + (at === 4 + (chapter % (SIZE - 4)) ? 1 : 0)
    return axis + 0.2 * (random() - 0.5)
  })
  const norm = Math.hypot(...vector)
  return vector.map(value => value / norm)
}

/** A talk of chapters of equal length, given by their subjects; `texts` are said in turn in each. */
function talk(subjects: readonly number[], texts: readonly string[] = ['Nothing much.', 'And so on.'], seconds = 60) {
  const each = seconds / texts.length
  const sentences = subjects.flatMap((subject, chapter) => texts.map(text => ({ subject, chapter, text })))
  return {
    segments: sentences.map(({ text }, at) => ({ start: at * each, end: (at + 1) * each, text })),
    meanings: sentences.map(({ subject, chapter }) => meaning(subject, chapter)),
    chapters: subjects.map((_, index) => {
      return { index, start: index * seconds, end: (index + 1) * seconds, title: `Chapter ${index + 1}` }
    }),
    duration: subjects.length * seconds,
  }
}

t.test('many chapters are grouped by subject, without gaps', async t => {
  const { chapters, ...rest } = talk([0, 0, 0, 1, 1, 1, 1, 2, 2])
  const sections = outlineSections({ chapters, ...rest })
  t.strictSame(
    sections.map(({ start, end }) => [start, end]),
    [
      [0, 180],
      [180, 420],
      [420, 540],
    ],
  )
  t.strictSame(
    sections.flatMap(({ parts }) => parts),
    chapters.map(({ start, end, title }) => ({ start, end, title })),
  )
})

t.test('a section is named by what its chapters share, otherwise like its longest chapter', async t => {
  const input = talk([0, 0, 0, 1, 1, 1])
  const segments = input.segments.map((segment, at) => ({
    ...segment,
    text: at < 6 ? `The copper kettle holds ${['water', 'milk', 'beer'][at >> 1]}.` : 'So we went there.',
  }))
  const titles = outlineSections({ ...input, segments }).map(({ title }) => title)
  t.strictSame(titles, ['Copper kettle', 'Chapter 4'])
})

t.test('a few chapters are the outline themselves, and only a long one has parts', async t => {
  const short = outlineSections(talk([0, 1, 2]))
  t.strictSame(
    short.map(({ title, parts }) => [title, parts.length]),
    [
      ['Chapter 1', 0],
      ['Chapter 2', 0],
      ['Chapter 3', 0],
    ],
  )
  const sentences = Array.from({ length: 20 }, (_, at) => (at < 10 ? 'The kiln is hot.' : 'The glaze is wet.'))
  const input = talk([0, 1], sentences, 400)
  const meanings = input.meanings.map((vector, at) => (at < 10 ? meaning(3, 9) : vector))
  const [first, second] = outlineSections({ ...input, meanings })
  t.strictSame(first?.parts, [
    { start: 0, end: 200, title: 'Kiln' },
    { start: 200, end: 400, title: 'Glaze' },
  ])
  t.equal(second?.end, 800)
})

t.test('chapters without speech, hundreds of them or none, are one level', async t => {
  const { chapters, duration } = talk(Array.from({ length: 400 }, () => 0))
  const sections = outlineSections({ segments: [], chapters, duration })
  t.equal(sections.length, 400)
  t.ok(sections.every(({ parts }) => parts.length === 0))
  t.same(outlineSections({ segments: [], chapters: [], duration: 0 }), [])
})

t.test('hundreds of chapters have no more than a dozen sections', async t => {
  const sections = outlineSections(talk(Array.from({ length: 400 }, (_, at) => Math.floor(at / 4) % 4)))
  t.ok(sections.length >= 2 && sections.length <= 12, String(sections.length))
  t.equal(sections.flatMap(({ parts }) => parts).length, 400)
})
