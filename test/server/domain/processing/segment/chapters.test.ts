import { LECTURES } from '@cuewire/bench/eval/lectures.js'
import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import type { Shot } from '@cuewire/protocol'
import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import t from 'tap'
import { aLabel } from '../../../../support/talk-library.js'

const { bread, boats, volcano, chess, whales, budget } = PASSAGES
const shots = (...starts: number[]): Shot[] =>
  starts.map((start, index) => ({
    index,
    start,
    end: starts[index + 1] ?? start + 10,
    transition: index ? 'cut' : 'start',
  }))

for (const passages of [
  [bread, boats, volcano],
  [chess, whales, budget],
])
  t.test(`three unlike topics become three chapters: ${passages[0]?.slice(0, 20)}...`, async t => {
    const talk = makeTalk(passages)
    const chapters = makeChapters({ segments: talk.segments, shots: [], duration: talk.duration })
    t.equal(chapters.length, 3)
    for (const [at, start] of talk.boundaries.entries())
      t.ok(Math.abs((chapters[at + 1]?.start ?? 0) - start) < 5, `chapter ${at + 1} begins near ${start}`)
  })

t.test('chapters cover the video without gaps, with titles of words from it and at most 8 keywords', async t => {
  const talk = makeTalk(Object.values(PASSAGES))
  const chapters = makeChapters({ segments: talk.segments, shots: [], duration: talk.duration })
  const text = talk.segments.map(segment => segment.text.toLowerCase()).join(' ')
  t.equal(chapters[0]?.start, 0)
  t.equal(chapters.at(-1)?.end, talk.duration)
  for (const [at, chapter] of chapters.entries()) {
    t.equal(chapter.index, at)
    if (at > 0) t.equal(chapter.start, chapters[at - 1]?.end)
    t.ok(chapter.end > chapter.start)
    t.match(chapter.title, /^\p{Lu}/u)
    const words = chapter.title.toLowerCase().split(' ')
    t.ok(words.length <= 7 && words.every(word => word === 'and' || text.includes(word)), chapter.title)
    t.ok(chapter.keywords.length > 0 && chapter.keywords.length <= 8)
    t.ok(text.includes(chapter.summary?.toLowerCase() ?? 'none'), 'the summary is a sentence of the talk')
  }
  t.ok(chapters.length <= 13, `a video of 14 minutes has few chapters, here ${chapters.length}`)
})

t.test('a short video about one thing has one chapter', async t => {
  const counts = Object.values(PASSAGES).map(passage => {
    const { segments, duration } = makeTalk([passage])
    return makeChapters({ segments, shots: [], duration }).length
  })
  t.ok(counts.filter(count => count === 1).length >= counts.length * 0.8, String(counts))
})

t.test('a chapter begins with the cut in the pause before its first sentence', async t => {
  const talk = makeTalk([bread, boats])
  const [topic = 0] = talk.boundaries
  const chapters = makeChapters({
    segments: talk.segments,
    shots: shots(0, 20, topic - 0.8, topic + 2),
    duration: talk.duration,
  })
  t.equal(chapters[1]?.start, topic - 0.8)
})

t.test('chapters stored in the file win', async t => {
  const talk = makeTalk([bread, boats])
  const fileChapters = [
    { start: 0, end: 10, title: 'Intro' },
    { start: 10, end: 50 },
  ]
  const chapters = makeChapters({ segments: talk.segments, shots: [], duration: talk.duration, fileChapters })
  t.same(
    chapters.map(({ start }) => start),
    [0, 10],
  )
  t.equal(chapters[0]?.title, 'Intro')
  t.not(chapters[1]?.title, 'Intro')
})

t.test('without speech, shots that show the same are one chapter, named after it', async t => {
  const starts = Array.from({ length: 12 }, (_, at) => at * 10)
  const labels = [aLabel('dog', [[0, 60]]), aLabel('boat', [[60, 120]])]
  const chapters = makeChapters({ segments: [], shots: shots(...starts), duration: 120, labels })
  t.ok(
    chapters.some(({ start }) => start === 60),
    JSON.stringify(chapters.map(({ start }) => start)),
  )
  t.equal(chapters[0]?.title, 'Dog')
  t.equal(chapters.at(-1)?.title, 'Boat')
})

t.test('a video with nothing in it is one chapter, and one of no length has none', async t => {
  t.match(makeChapters({ segments: [], shots: [], duration: 30 }), [
    { start: 0, end: 30, title: 'Part 1', keywords: [] },
  ])
  t.same(makeChapters({ segments: [], shots: [], duration: 0 }), [])
})

t.test('a talk of hours has more than a few chapters, none of them long, and far fewer than its topics', async t => {
  const passages = Array.from({ length: 10 }, () => Object.values(PASSAGES)).flat()
  const { segments, duration } = makeTalk(passages)
  const chapters = makeChapters({ segments, shots: [], duration })
  t.ok(chapters.length >= 8 && chapters.length <= 40, `${chapters.length} chapters of ${duration} s`)
  t.ok(chapters.every(({ start, end }) => end - start >= 60 && end - start <= duration / 6))
})

t.test('no chapter stands for the moment before the first picture', async t => {
  const seen = [aLabel('sheep', [[5, 12]])]
  const late = (start: number, duration: number) =>
    makeChapters({
      segments: [],
      shots: [{ start, end: duration }],
      labels: seen,
      duration,
    }).map(({ start, end, title }) => ({ start, end, title }))
  t.same(late(0.043, 12.376), [{ start: 0, end: 12.376, title: 'Sheep' }])
  t.same(late(0.083, 29.75), [{ start: 0, end: 29.75, title: 'Sheep' }])
  t.same(late(0.02, 0.46), [{ start: 0, end: 0.46, title: 'Part 1' }])
  t.equal(late(60, 120).length, 2, 'a minute of sound alone is a chapter')
})

t.test('no chapter stands for the moment after the last picture', async t => {
  const found = makeChapters({ segments: [], shots: shots(0, 40, 79.5), duration: 80 })
  t.ok(found.every(({ start, end }) => end - start >= 15))
})

t.test('a change of speaker is evidence of a new subject, but not in a dialogue', async t => {
  // Without the sentences that announce the parts.
  const parts = LECTURES.development.telescopes.map(part => part.replace(/^[^.!?]+[.!?]+/, ''))
  const talk = makeTalk(parts, { sentence: 0.45, topic: 0.45 })
  const found = (speakerOf: (part: number, at: number) => string) => {
    const segments = talk.segments.map((segment, at) => {
      const part = talk.boundaries.filter(start => start <= segment.start).length
      return { ...segment, speaker: speakerOf(part, at) }
    })
    const starts = makeChapters({ segments, shots: [], duration: talk.duration }).map(({ start }) => start)
    return talk.boundaries.filter(boundary => starts.includes(boundary)).length
  }
  const alone = found(() => 'Ada')
  t.ok(found(part => `Speaker ${part % 2}`) > alone)
  t.equal(
    found((_part, at) => `Speaker ${at % 2}`),
    alone,
  )
})
