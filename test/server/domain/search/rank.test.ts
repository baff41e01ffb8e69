import { isDeepStrictEqual } from 'node:util'
import { type Evidence, momentsOf } from '@cuewire/server/domain/search/rank.js'
import fc from 'fast-check'
import t from 'tap'

/** Times of few values, so that rows meet often. */
const aRow = fc.record({
  modality: fc.constantFrom('transcript' as const, 'object' as const),
  videoId: fc.constantFrom('a', 'b'),
  start: fc.integer({ min: 0, max: 60 }),
  length: fc.oneof({ weight: 9, arbitrary: fc.integer({ max: 8, min: 0 }) }, fc.integer({ max: 40, min: 0 })),
  rank: fc.integer({ min: 1, max: 5 }),
})

type Drawn = typeof aRow extends fc.Arbitrary<infer T> ? T : never

const rowsOf = (drawn: readonly Drawn[]): Evidence[] =>
  drawn.map(({ length, ...row }, i) => ({
    ...row,
    end: row.start + length,
    text: `row ${i}`,
    videoTitle: 'Harbour',
    terms: [],
  }))

/** Best rows first, each joins the youngest moment that is within 3 s of it and no longer than 20 s with it. */
function plainMoments(rows: readonly Evidence[]): Evidence[][] {
  const moments: Evidence[][] = []
  const inOrder = [...rows].sort(
    (a, b) => a.rank - b.rank || a.videoId.localeCompare(b.videoId) || a.start - b.start || a.end - b.end,
  )
  for (const row of inOrder) {
    const near = moments.findLast(moment => {
      const start = Math.min(...moment.map(other => other.start))
      const end = Math.max(...moment.map(other => other.end))
      const length = Math.max(end, row.end) - Math.min(start, row.start)
      return moment[0]?.videoId === row.videoId && row.start - end <= 3 && start - row.end <= 3 && length <= 20
    })
    if (near) near.push(row)
    else moments.push([row])
  }
  return moments
}

const texts = (moments: readonly (readonly Evidence[])[]) => moments.map(rows => rows.map(({ text }) => text).sort())

t.test('moments found by their time are those found by looking at every one', async () => {
  fc.assert(
    fc.property(fc.array(aRow, { maxLength: 60 }), drawn => {
      const rows = rowsOf(drawn)
      const found = momentsOf(rows).map(({ evidence }) => evidence)
      return isDeepStrictEqual(texts(found), texts(plainMoments(rows)))
    }),
    { numRuns: 500 },
  )
})

t.test('chapters and titles support the moments of their video within them, and stand alone without any', async t => {
  const base = { videoTitle: 'Harbour', terms: [], rank: 1 }
  const sentence: Evidence = { ...base, modality: 'transcript', videoId: 'a', start: 10, end: 12, text: 'Gulls cry.' }
  const chapter: Evidence = { ...base, modality: 'chapter', videoId: 'a', start: 0, end: 60, text: 'Gulls' }
  const elsewhere = { ...chapter, videoId: 'b' }
  const later = { ...chapter, start: 60, end: 90 }
  const moments = momentsOf([sentence, chapter, elsewhere, later])
  t.strictSame(
    moments.map(({ videoId, start, end, evidence }) => [videoId, start, end, evidence.length]),
    [
      ['a', 10, 12, 2],
      ['b', 0, 60, 1],
      ['a', 60, 90, 1],
    ],
  )
})
