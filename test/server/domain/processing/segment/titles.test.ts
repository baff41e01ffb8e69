import { salienceOf } from '@cuewire/server/domain/processing/segment/salience.js'
import { titleOf } from '@cuewire/server/domain/processing/segment/titles.js'
import { contentKeys, termsOf } from '@cuewire/server/domain/text/terms.js'
import t from 'tap'

const CHAPTERS = [
  ['Welcome to this talk about the city.', 'It has many streets and a river.'],
  ["Okay, let's talk about emergency savings.", 'Put them where you can reach them.', 'A broken boiler will not wait.'],
  ['The second part is the Bank of England.', 'The bank prints the notes.', 'It moved to the street in 1734.'],
]

const titlesOf = (taken?: ReadonlySet<string>) => {
  const salience = salienceOf(CHAPTERS.map(sentences => sentences.flatMap(contentKeys)))
  return CHAPTERS.map((texts, at) =>
    titleOf(texts.map(termsOf), salience[at] ?? new Map(), { texts, ...(taken && { taken }) }),
  )
}

t.test('a title is a phrase of its chapter, as it stands there, from its opening if it can be', async t => {
  const [first, second, third] = titlesOf()
  t.match(first, /^(City|Many streets|Streets|River|Streets and river)$/, 'not "Talk"')
  t.equal(second, 'Emergency savings')
  t.equal(third, 'Bank of England')
})

t.test('neither a verb nor the name of the speaker is part of a title', async t => {
  const texts = ['My name is Priya Rao.', 'The Danube rises in the Black Forest.', 'The Danube is long.']
  const [salience = new Map()] = salienceOf([texts.flatMap(contentKeys), []])
  t.equal(titleOf(texts.map(termsOf), salience, { texts }), 'Danube')
})

t.test('a title that another chapter has is avoided', async t => {
  t.not(titlesOf(new Set(['Emergency savings']))[1], 'Emergency savings')
})

t.test('a chapter that names nothing has no title', async t => {
  const texts = ['So we went there and did it.']
  t.equal(titleOf(texts.map(termsOf), new Map(), { texts }), undefined)
})
