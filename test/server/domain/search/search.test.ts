import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { createSearch } from '@cuewire/server/domain/search/search.js'
import t from 'tap'
import { addTalk, aLabel, openStore } from '../../../support/talk-library.js'
import { useTextThread } from '../../../support/text-thread.js'

t.test('search', async t => {
  const store = await openStore(t)
  const labels = [
    aLabel(
      'car',
      [
        [5, 8],
        [100, 104],
      ],
      2,
    ),
    aLabel('person', [[30, 34]]),
  ]
  const film = await addTalk(store, { passages: [PASSAGES.bread, PASSAGES.boats], title: 'Morning work', labels })
  const other = await addTalk(store, { passages: [PASSAGES.whales], title: 'Whales' })
  const search = createSearch({ store, text: useTextThread(t) })
  const find = async (query: string, videoIds?: string[]) => (await search.query({ query, videoIds })).hits

  t.test('the sentence that holds the words comes first, in any of their forms', async t => {
    const [hit] = await find('leaving harbor', [film.id])
    t.match(hit, { rank: 1, band: 'high', videoId: film.id, text: /leave the harbour before dawn/ })
    t.match(hit?.why[0], { modality: 'transcript', terms: ['leaving', 'harbor'] })
  })

  t.test('a label is found by its plural and its synonyms, with each of its spans', async t => {
    for (const query of ['cars', 'automobile', 'vehicles']) {
      const hits = (await find(query, [film.id])).filter(({ why }) => why.some(({ modality }) => modality === 'object'))
      t.same(
        hits.map(({ start, end }) => [start, end]).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
        [
          [5, 8],
          [100, 104],
        ].map(span => span),
        query,
      )
    }
    t.ok((await find('woman', [film.id])).some(({ why }) => why.some(({ text }) => text === 'person')))
  })

  t.test('a hit is no surer than the labels it rests on', async t => {
    const labels = [{ ...aLabel('kite', [[2, 3]]), band: 'low' as const }, aLabel('zebra', [[3, 4]])]
    const zoo = await addTalk(store, { passages: ['A giraffe is here, with a bird.'], title: 'Zoo', labels })
    const [kite] = await find('kite', [zoo.id])
    t.match(kite, { band: 'low', why: [{ modality: 'object', text: 'possibly kite', terms: ['kite'] }] })
    t.match((await find('zebra', [zoo.id]))[0], { band: 'high' })
    t.match((await find('giraffe', [zoo.id]))[0], { band: 'high' }, 'what is said needs no label')
  })

  t.test('a word that is too long for the language model is found whole', async t => {
    for (const length of [100, 101, 250]) {
      const word = 'xylophon'.repeat(40).slice(0, length)
      const long = await addTalk(store, { passages: [`The code is ${word}, said once.`], title: `On ${word}` })
      const [hit] = await find(word, [long.id])
      t.match(hit, { videoId: long.id, band: 'high' }, `${length} characters`)
      t.match(hit?.why.find(({ modality }) => modality === 'transcript')?.text, word)
      t.ok((await find(`the code ${word.toUpperCase()}`)).some(({ videoId }) => videoId === long.id))
    }
  })

  t.test('only the videos asked for are searched', async t => {
    t.same(await find('krill', [film.id]), [])
    t.equal((await find('krill'))[0]?.videoId, other.id)
  })

  t.test('how well a moment fits is told by how much of the query it holds', async t => {
    const [whole] = await find('blue whale', [other.id])
    const [part] = await find('blue submarine telescope', [other.id])
    t.equal(whole?.band, 'high')
    t.equal(part?.band, 'low')
  })

  t.test('ranks go up from 1 and the limit holds', async t => {
    const { hits } = await search.query({ query: 'the fish and the dough and the whale', limit: 2 })
    t.same(
      hits.map(({ rank }) => rank),
      [1, 2],
    )
  })

  t.test('a query of function words alone, of quotes or of operators finds without failing', async t => {
    t.type((await find('what is it')).length, 'number')
    t.type((await find('"AND" OR * NEAR(')).length, 'number')
    t.same(await find('zyzzyva'), [])
  })
})
