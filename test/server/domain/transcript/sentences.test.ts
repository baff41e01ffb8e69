import { SentenceAssembler, type SpokenSpan } from '@cuewire/server/domain/transcript/sentences.js'
import t from 'tap'

const span = (start: number, text: string, confidence = 0.9): SpokenSpan => ({
  text,
  confidence,
  words: text
    .split(' ')
    .map((word, at) => ({ text: word, start: start + at * 0.4, end: start + at * 0.4 + 0.3, confidence })),
})
const texts = (segments: readonly { text: string }[]) => segments.map(({ text }) => text)

t.test('a sentence cut at a pause is joined, and given as soon as it is whole', async t => {
  const assembler = new SentenceAssembler({ source: 'speech' })
  t.same(texts(assembler.add(span(0, 'The boats leave'))), [])
  t.same(texts(assembler.add(span(2, 'before dawn. They come'))), ['The boats leave before dawn.'])
  t.same(texts(assembler.flush()), ['They come'])
  t.same(assembler.flush(), [])
})

t.test('a long silence ends a sentence without a full stop', async t => {
  const assembler = new SentenceAssembler({ source: 'speech' })
  assembler.add(span(0, 'and so on'))
  t.same(texts(assembler.add(span(10, 'Next part.'))), ['and so on', 'Next part.'])
})

t.test('an abbreviation ends no sentence', async t => {
  const assembler = new SentenceAssembler({ source: 'speech' })
  t.same(texts(assembler.add(span(0, 'Dr. Smith came at 5 a.m. on Monday.'))), ['Dr. Smith came at 5 a.m. on Monday.'])
})

t.test('numbering goes on from where a killed job stood', async t => {
  const assembler = new SentenceAssembler({ source: 'speech', firstIndex: 12 })
  t.same(
    assembler.add(span(0, 'One. Two.')).map(({ index }) => index),
    [12, 13],
  )
  t.equal(assembler.nextIndex, 14)
})

t.test('times and words are those of the speech, confidence the mean of its spans', async t => {
  const assembler = new SentenceAssembler({ source: 'speech', language: 'en' })
  assembler.add(span(1, 'We', 0.5))
  const [segment] = assembler.add(span(1.5, 'bake.', 1))
  t.match(segment, { start: 1, end: 1.8, confidence: 0.75, language: 'en', words: [{ text: 'We' }, { text: 'bake.' }] })
})

t.test('speech without any full stop is cut after at most 60 words and 30 seconds', async t => {
  const assembler = new SentenceAssembler({ source: 'speech' })
  const segments = [
    ...assembler.add(span(0, Array.from({ length: 200 }, (_, at) => `word${at}`).join(' '))),
    ...assembler.flush(),
  ]
  t.ok(segments.length >= 4)
  t.ok(segments.every(({ words, start, end }) => words.length <= 60 && end - start <= 30))
  t.equal(segments.flatMap(({ words }) => words).length, 200, 'no word is lost')
})
