import { LECTURES } from '@cuewire/bench/eval/lectures.js'
import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import { standsAlone } from '@cuewire/server/domain/processing/segment/stands-alone.js'
import { summarise } from '@cuewire/server/domain/processing/segment/summary.js'
import { termsOf } from '@cuewire/server/domain/text/terms.js'
import t from 'tap'

const { bread, boats, volcano } = PASSAGES

/** The summary of passages spoken one after another, each of them a chapter, by words alone. */
function summaryOf(passages: readonly string[]) {
  const { segments, boundaries, duration } = makeTalk(passages)
  const starts = [0, ...boundaries]
  const fileChapters = starts.map((start, at) => ({ start, end: starts[at + 1] ?? duration }))
  const chapters = makeChapters({ segments, shots: [], duration, fileChapters })
  return { segments, chapters, summary: summarise({ segments, chapters, duration }) }
}

t.test('the summary is sentences of the talk with their times, in order, one for each chapter', async t => {
  const { segments, chapters, summary } = summaryOf([bread, boats, volcano])
  t.equal(summary.length, chapters.length)
  for (const [at, { index, start, end, text, chapter }] of summary.entries()) {
    t.equal(index, at)
    t.equal(chapter, at)
    t.ok(segments.some(segment => segment.text === text && segment.start === start && segment.end === end))
    t.ok(start >= (chapters[at]?.start ?? 0) && end <= (chapters[at]?.end ?? 0))
  }
})

t.test('its length follows the chapters and is bounded', async t => {
  t.equal(summaryOf([bread]).summary.length, 2, 'a third of seven sentences')
  t.equal(summaryOf([bread, boats]).summary.length, 3)
  const { chapters, summary } = summaryOf(Object.values(PASSAGES))
  t.equal(chapters.length, Object.keys(PASSAGES).length)
  t.equal(summary.length, 12)
  t.equal(new Set(summary.map(({ chapter }) => chapter)).size, 12)
})

t.test('no sentence is in it twice, however often it is said', async t => {
  const refrain = 'The brown bread of the village baker keeps fresh for seven days.'
  const { summary } = summaryOf([`${refrain} It is so.`, `${refrain} That is known.`, `${refrain} They agree.`])
  t.strictSame(
    summary.map(({ text }) => text),
    [refrain],
  )
})

t.test('nothing said, nothing summarised', async t => {
  t.same(summaryOf([]).summary, [])
})

t.test('a sentence that needs the one before it does not stand alone', async t => {
  const alone = (text: string) => standsAlone(text, termsOf(text))
  const sentences = {
    true: [
      'A shaky mount spoils the best optics.',
      'When the battery is low, swap it at the charging wall.',
      'Advertisements that promise six hundred times power are nonsense.',
      'After the harvest the beans are washed, dried and shipped green.',
      'Forklifts always have the right of way, even when you think they have seen you.',
    ],
    false: [
      'But the mirrors have to be lined up again now and then.',
      'It gives sharp views of the Moon and the planets.',
      'Its gravity pulls on the oceans and causes the tides.',
      'In this way the bread stays fresh for many days.',
      'An app can read it from your account every evening.',
      'The other lens costs twice as much as a mirror.',
      'Open them, look for damage, and weigh the article.',
      'What does a telescope do for an observer in the city?',
      "Okay, let's start with the starter for sourdough bread.",
      'In this video I will show you the best telescopes.',
      'The air above us.',
      'From there the young river runs east across limestone.',
    ],
  }
  for (const text of sentences.true) t.equal(alone(text), true, text)
  for (const text of sentences.false) t.equal(alone(text), false, text)
})

t.test('a summary of each lecture has only sentences that stand alone', async t => {
  for (const [name, parts] of Object.entries({ ...LECTURES.development, ...LECTURES.heldOut })) {
    const { summary } = summaryOf(parts)
    t.ok(summary.length >= 3, name)
    t.ok(summary.every(({ text }) => !/^(?:But|And|So|It|This|That|They|He|She)\b/.test(text)))
  }
})
