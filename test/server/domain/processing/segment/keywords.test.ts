import { type ChapterColumns, chaptersOf } from '@cuewire/server/domain/processing/segment/chapter-columns.js'
import t from 'tap'

const TALK = [
  ['The credit card is the worst loan of all.', 'A credit card charges eighteen percent.', 'Pay back every loan.'],
  ['The lighthouse stands on the northern cape.', 'Maria Silva has kept the lighthouse for years.'],
  ['Varroa mites came from Asia.', 'Without treatment the mites kill the colony.', 'The mites hide in the brood.'],
]
const LENGTH = 5

/** A chapter of the file for each part; every sentence takes `LENGTH` seconds. */
function columns(change: Partial<ChapterColumns> = {}): ChapterColumns {
  const sentences = TALK.flat()
  const starts = TALK.map((_, part) => TALK.slice(0, part).flat().length * LENGTH)
  return {
    sentences,
    sentenceTimes: sentences.flatMap((_, at) => [at * LENGTH, (at + 1) * LENGTH]),
    speakers: [],
    lines: [],
    lineTimes: [],
    lineTitles: [],
    shotTimes: [],
    labels: [],
    duration: sentences.length * LENGTH,
    fileChapters: starts.map((start, at) => ({ start, end: starts[at + 1] ?? 40, title: `Chapter ${at + 1}` })),
    ...change,
  }
}

t.test('the keywords of a chapter are what sets it apart: names and phrases in full, each once', async t => {
  const [cards, lighthouse, bees] = chaptersOf(columns()).chapters.map(({ keywords }) => keywords)
  t.strictSame(cards?.slice(0, 2), ['credit card', 'loan'], 'no "card", and the verb "charges" is no part of it')
  t.ok(lighthouse?.includes('lighthouse') && lighthouse.includes('Maria Silva'), String(lighthouse))
  t.match(bees?.[0], /mites$/)
  for (const words of [cards, lighthouse, bees]) t.equal(new Set(words).size, words?.length)
})

t.test('text on the screen counts, where it is shown', async t => {
  const shown = { lines: ['Deferred annuities'], lineTimes: [16, 24], lineTitles: [true] }
  const [first, second] = chaptersOf(columns(shown)).chapters
  t.ok(
    second?.keywords.some(word => word.includes('annuities')),
    String(second?.keywords),
  )
  t.notOk(first?.keywords.some(word => word.includes('annuities')))
  const silent = chaptersOf(columns({ ...shown, sentences: [], sentenceTimes: [] }))
  t.ok(
    silent.chapters[1]?.keywords.some(word => word.includes('annuities')),
    'without a word said, too',
  )
})

t.test('the keywords of the video come with how often and when first they are said, best first', async t => {
  const { keywords } = chaptersOf(columns())
  t.strictSame(
    keywords.map(({ index }) => index),
    keywords.map((_, at) => at),
  )
  t.equal(keywords[0]?.weight, 1)
  t.strictSame(
    keywords.map(({ weight }) => weight),
    keywords.map(({ weight }) => weight).sort((a, b) => b - a),
  )
  t.match(
    keywords.find(({ text }) => text === 'lighthouse'),
    { times: 2, start: 15, end: 20 },
  )
  t.ok(keywords.length <= 20)
  t.same(chaptersOf(columns({ sentences: [], sentenceTimes: [] })).keywords, [])
})
