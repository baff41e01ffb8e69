import type { Store } from '@cuewire/server/storage/store.js'
import fc from 'fast-check'
import type { Test } from 'tap'
import { aChapter, aSegment, aVideo, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'

async function withTranscript(store: Store, title: string, texts: string[]): Promise<string> {
  const [video, jobId] = [aVideo({ title }), newId()]
  await store.videos.insert(video, undefined)
  await store.content.begin(video.id, 'transcript', jobId)
  await store.content.add(
    video.id,
    'transcript',
    jobId,
    texts.map((text, i) => aSegment(i, text)),
  )
  await store.content.complete(video.id, 'transcript', jobId)
  return video.id
}

/** What every SearchIndex must do. */
export async function searchContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('words are found in any form, case and accent, the best row first', async t => {
    const store = await open(t)
    const videoId = await withTranscript(store, 'Quay', [
      'The boat was leaving, they said, while everybody else was asleep in town.',
      'Boats, boats, boats!',
      'A café in São Paulo.',
      'Nothing.',
    ])
    const search = async (...terms: string[]) => (await store.search.search({ terms, limit: 10 })).map(hit => hit.index)
    t.strictSame(await search('BOAT'), [1, 0])
    t.strictSame(await search('leaves'), [0])
    t.strictSame(await search('cafe'), [2])
    t.strictSame(await search('Sáo Paulo'), [2], 'several words are a phrase')
    t.strictSame(await search('Paulo São'), [])
    t.strictSame((await search('nothing', 'café')).sort(), [2, 3], 'any of the terms is enough')
    t.strictSame(await search(), [])
    const [hit] = await store.search.search({ terms: ['nothing'], limit: 1 })
    t.match(hit, { modality: 'transcript', videoId, videoTitle: 'Quay', index: 3, start: 3, end: 4, text: 'Nothing.' })
  })

  t.test('a search keeps to its videos, kinds and limit', async t => {
    const store = await open(t)
    const one = await withTranscript(store, 'Boats', ['A boat.', 'Boats again.'])
    const other = await withTranscript(store, 'Cars', ['A boat on a trailer.'])
    const search = (query: object) => store.search.search({ terms: ['boat'], limit: 10, ...query })
    t.equal((await search({})).length, 4)
    t.strictSame(
      (await search({ videoIds: [other] })).map(hit => hit.text),
      ['A boat on a trailer.'],
    )
    t.strictSame(
      (await search({ modalities: ['title'] })).map(hit => hit.videoId),
      [one],
    )
    t.equal((await search({ limit: 2 })).length, 2)
    t.strictSame(await search({ videoIds: [] }), [])
    t.strictSame(await search({ videoIds: [newId()] }), [])
  })

  t.test('a video is found by its title, and after a rename by the new one only', async t => {
    const store = await open(t)
    const videoId = await withTranscript(store, 'Harbour', [])
    const search = (term: string) => store.search.search({ terms: [term], limit: 10 })
    t.match(await search('harbour'), [{ modality: 'title', index: 0, start: 0, end: 60, text: 'Harbour' }])
    await store.videos.update(videoId, { title: 'Quay' })
    t.strictSame(await search('harbour'), [])
    t.match(await search('quay'), [{ videoId, videoTitle: 'Quay' }])
  })

  t.test('a chapter is found by title, summary and keywords', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withTranscript(store, 'Quay', []), newId()]
    await store.content.begin(videoId, 'chapters', jobId)
    await store.content.add(videoId, 'chapters', jobId, [
      aChapter(0, 'Boats', { keywords: ['harbour wall', 'moon'], summary: 'They leave early.' }),
      aChapter(1, 'Tides'),
    ])
    for (const term of ['boat', 'leaving', 'moon', 'harbour wall']) {
      const hits = await store.search.search({ terms: [term], limit: 10 })
      t.match(hits, [{ modality: 'chapter', index: 0, start: 0, end: 10, text: 'Boats. They leave early.' }], term)
      t.equal(hits.length, 1, term)
    }
  })

  t.test('frequencies count the rows of the videos asked for', async t => {
    const store = await open(t)
    const one = await withTranscript(store, 'Quay', ['A boat.', 'Boats, boats.', 'Rain.'])
    const other = await withTranscript(store, 'Cars', ['A boat on a trailer.'])
    const all = await store.search.frequencies(['boats', 'rain', 'snow', '!'])
    t.equal(all.rows, 6)
    t.strictSame(Object.fromEntries(all.of), { boats: 3, rain: 1, snow: 0, '!': 0 })
    const some = await store.search.frequencies(['boats'], [one])
    t.strictSame([some.rows, some.of.get('boats')], [4, 2])
    t.strictSame((await store.search.frequencies(['boats'], [])).rows, 0)
    t.strictSame((await store.search.frequencies(['boats'], [one, other])).of.get('boats'), 3)
  })

  t.test('any text as a term is data: it never throws and finds only rows that hold its words', async t => {
    const store = await open(t)
    const rows = [
      'alpha beta',
      'near alpha',
      'text also visible',
      // Not "x-ray": its stem "rai" is short enough to be found by chance.
      'C3PO 42 x-lamp',
      'naïve résumé',
      '日本語',
      'NOT OR AND',
    ]
    await withTranscript(store, 'Quay', rows)
    const syntax = fc.constantFrom(
      '"',
      '""',
      '*',
      '^',
      'NEAR(alpha beta, 1)',
      'text:',
      '-',
      '+',
      '(',
      ')',
      'OR',
      'AND',
      'NOT',
      '\0',
      "'",
      '{text} :',
    )
    const word = fc.constantFrom(...rows.flatMap(row => row.split(/[ -]/)))
    const term = fc.oneof(
      fc
        .array(fc.oneof(syntax, word, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 })
        .map(parts => parts.join(' ')),
      fc.string({ unit: 'binary' }),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(term, { minLength: 1, maxLength: 4 }), async terms => {
        const hits = await store.search.search({ terms, limit: 100 })
        const { of } = await store.search.frequencies(terms)
        const asked = terms.map(words)
        for (const hit of hits) {
          const held = words(hit.text)
          const matches = asked.some(
            wanted => wanted.length > 0 && wanted.every(w => held.some(h => stem(h) === stem(w))),
          )
          if (!matches) return false
        }
        return [...of.values()].every(count => count <= rows.length + 1)
      }),
      { numRuns: 1000 },
    )
    t.strictSame(
      (await store.search.search({ terms: ['OR "alpha'], limit: 9 })).map(hit => hit.text),
      [],
    )
    t.strictSame(
      (await store.search.search({ terms: ['"beta"'], limit: 9 })).map(hit => hit.text),
      ['alpha beta'],
    )
  })

  t.test('a thousand terms are one search', async t => {
    const store = await open(t)
    await withTranscript(store, 'Quay', ['Gulls cry.'])
    const terms = [...Array.from({ length: 1000 }, (_, i) => `word${i}`), 'gull']
    t.match(await store.search.search({ terms, limit: 5 }), [{ text: 'Gulls cry.' }])
  })
}

/** Words without case and accents. */
function words(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []
  )
}

/** Two words with the same first letters may have the same stem. */
function stem(word: string): string {
  return word.slice(0, 3)
}
