import { KIND_NAMES } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import type { Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aChapter, aFrame, aLabel, aSegment, aVideo, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'

const ALL = { limit: 200 }

async function withVideo(store: Store): Promise<string> {
  const video = aVideo()
  await store.videos.insert(video, undefined)
  return video.id
}

/** Runs the transcript stage with these sentences; `complete` unless told. */
async function transcribe(store: Store, videoId: string, jobId: string, texts: string[], complete = true) {
  await store.content.begin(videoId, 'transcript', jobId)
  await store.content.add(
    videoId,
    'transcript',
    jobId,
    texts.map((text, i) => aSegment(i, text)),
  )
  if (complete) await store.content.complete(videoId, 'transcript', jobId)
}

async function texts(store: Store, videoId: string): Promise<string[]> {
  return (await store.content.list(videoId, 'transcript', ALL)).items.map(segment => segment.text)
}

async function found(store: Store, term: string): Promise<string[]> {
  const hits = await store.search.search({ terms: [term], modalities: ['transcript'], limit: 50 })
  return hits.map(hit => hit.text)
}

/** What every ContentStore must do. */
export async function contentContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('what was found comes back in order, whole, whatever order it came in', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    const { content } = store
    const shots = [0, 1, 2].map(index => ({ index, start: index * 4, end: index * 4 + 4, transition: 'cut' }) as const)
    const segments = [aSegment(0, 'The boats leave before dawn.'), aSegment(1, 'Tides decide.')]
    const frames = [aFrame(0), aFrame(0.5, 'boat', 'person'), aFrame(1, 'boat')]
    const chapters = [aChapter(0, 'Boats'), aChapter(1, 'Tides', { summary: 'Of tides.' })]
    for (const stage of KIND_NAMES) await content.begin(videoId, stage, jobId)
    await content.add(videoId, 'shots', jobId, [...shots].reverse())
    await content.add(videoId, 'transcript', jobId, segments.slice(1))
    await content.add(videoId, 'transcript', jobId, segments.slice(0, 1))
    await content.add(videoId, 'detections', jobId, [...frames].reverse())
    await content.add(videoId, 'chapters', jobId, chapters)
    await content.add(videoId, 'shots', jobId, [])

    t.strictSame((await content.list(videoId, 'shots', ALL)).items, shots)
    t.strictSame((await content.list(videoId, 'transcript', ALL)).items, segments)
    t.strictSame((await content.list(videoId, 'detections', ALL)).items, frames)
    t.strictSame(await allItems(content, videoId, 'chapters'), chapters)
    const none = Object.fromEntries(KIND_NAMES.map(kind => [kind, 0]))
    t.strictSame(await content.counts(videoId), { ...none, shots: 3, detections: 3, transcript: 2, chapters: 2 })
    t.strictSame(await content.counts(newId()), none)
  })

  t.test('a page of large items holds fewer than asked for, and names the next', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    const labels = ['person', 'boat', 'sheep', 'car', 'dog', 'chair', 'bottle', 'bird', 'kite', 'cup', 'bus', 'cat']
    const summaries = labels.map(label => aLabel(label, 1000))
    await store.content.begin(videoId, 'objects', jobId)
    await store.content.add(videoId, 'objects', jobId, summaries)
    const page = await store.content.list(videoId, 'objects', ALL)
    t.ok(page.items.length > 0 && page.items.length < labels.length, `${page.items.length} of ${labels.length}`)
    t.not(page.next, undefined)
    t.strictSame(await allItems(store.content, videoId, 'objects'), summaries)
  })

  t.test('a draft is read and found until there is a result', async t => {
    const store = await open(t)
    const videoId = await withVideo(store)
    await transcribe(store, videoId, newId(), ['Gulls cry.'], false)
    t.strictSame(await texts(store, videoId), ['Gulls cry.'])
    t.strictSame(await found(store, 'gull'), ['Gulls cry.'])
  })

  t.test('the former result is read and found until the new one is complete, and then gone', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await transcribe(store, videoId, newId(), ['Gulls cry.', 'Old tide.'])
    await transcribe(store, videoId, jobId, ['Seals bark.'], false)
    t.strictSame(await texts(store, videoId), ['Gulls cry.', 'Old tide.'])
    t.strictSame(await found(store, 'seal'), [])
    t.strictSame(await found(store, 'gull'), ['Gulls cry.'])
    t.equal((await store.content.counts(videoId)).transcript, 2)
    t.equal((await store.search.frequencies(['seal'])).of.get('seal'), 0)

    await store.content.complete(videoId, 'transcript', jobId)
    t.strictSame(await texts(store, videoId), ['Seals bark.'])
    t.strictSame(await found(store, 'seal'), ['Seals bark.'])
    t.strictSame(await found(store, 'gull'), [])
    t.equal((await store.content.counts(videoId)).transcript, 1)

    await store.content.complete(videoId, 'transcript', jobId)
    t.strictSame(await texts(store, videoId), ['Seals bark.'], 'complete is safe to repeat')
  })

  t.test('a complete result that is empty hides the former one and the next draft', async t => {
    const store = await open(t)
    const videoId = await withVideo(store)
    await transcribe(store, videoId, newId(), ['Gulls cry.'])
    await transcribe(store, videoId, newId(), [])
    t.strictSame(await texts(store, videoId), [])
    await transcribe(store, videoId, newId(), ['Seals bark.'], false)
    t.strictSame(await texts(store, videoId), [])
    t.strictSame(await found(store, 'seal'), [])
  })

  t.test('the same job continues its draft; another job starts a new one', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await transcribe(store, videoId, jobId, ['Gulls cry.'], false)
    await store.content.begin(videoId, 'transcript', jobId)
    await store.content.add(videoId, 'transcript', jobId, [aSegment(1, 'Tides turn.')])
    t.strictSame(await texts(store, videoId), ['Gulls cry.', 'Tides turn.'])

    await store.content.begin(videoId, 'transcript', newId())
    t.strictSame(await texts(store, videoId), [])
    t.strictSame(await found(store, 'gull'), [])
    await t.rejects(store.content.add(videoId, 'transcript', jobId, [aSegment(2, 'Late.')]), /no draft/)
    await t.rejects(store.content.complete(videoId, 'transcript', jobId), /no draft/)
  })

  t.test('a job that ran a stage before may run it again', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await transcribe(store, videoId, jobId, ['Gulls cry.'])
    await transcribe(store, videoId, jobId, ['Seals bark.'])
    t.strictSame(await texts(store, videoId), ['Seals bark.'])
    t.strictSame(await found(store, 'gull'), [])
  })

  t.test('an item that is added again replaces the first, in the index too', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await transcribe(store, videoId, jobId, ['Gulls cry.'], false)
    await store.content.add(videoId, 'transcript', jobId, [aSegment(0, 'Seals bark.')])
    t.strictSame(await texts(store, videoId), ['Seals bark.'])
    t.strictSame(await found(store, 'gull'), [])
    t.strictSame(await found(store, 'seal'), ['Seals bark.'])
  })

  t.test('stages and videos do not touch each other', async t => {
    const store = await open(t)
    const [one, other, jobId] = [await withVideo(store), await withVideo(store), newId()]
    await transcribe(store, one, jobId, ['Gulls cry.'])
    await transcribe(store, other, jobId, ['Seals bark.'])
    await store.content.begin(one, 'shots', newId())
    t.strictSame(await texts(store, one), ['Gulls cry.'])
    t.strictSame(await texts(store, other), ['Seals bark.'])
  })

  t.test('a speaker is renamed in every sentence that readers see, and nowhere else', async t => {
    const store = await open(t)
    const [one, other, jobId] = [await withVideo(store), await withVideo(store), newId()]
    // More than one batch.
    const sentences = Array.from({ length: 1203 }, (_, index) => ({
      ...aSegment(index, 'Gulls cry.'),
      ...(index % 3 > 0 && { speaker: index % 3 === 1 ? 'Tom' : 'tom' }),
    }))
    for (const videoId of [one, other]) {
      await store.content.begin(videoId, 'transcript', jobId)
      await store.content.add(videoId, 'transcript', jobId, sentences)
      await store.content.complete(videoId, 'transcript', jobId)
    }
    const next = newId()
    await store.content.begin(one, 'transcript', next)
    await store.content.add(one, 'transcript', next, sentences.slice(0, 2))

    t.equal(await store.content.renameSpeaker(one, { from: 'Nobody', to: 'Ann' }), 0)
    t.equal(await store.content.renameSpeaker(newId(), { from: 'Tom', to: 'Ann' }), 0)
    t.equal(await store.content.renameSpeaker(one, { from: 'Tom', to: `D'Arc "$.x"` }), 401)
    const renamed = sentences.map(sentence =>
      sentence.speaker === 'Tom' ? { ...sentence, speaker: `D'Arc "$.x"` } : sentence,
    )
    t.same(await allItems(store.content, one, 'transcript'), renamed)
    t.same(await allItems(store.content, other, 'transcript'), sentences)
    t.same(await allItems(store.content, one, 'transcript', { draftOf: next }), sentences.slice(0, 2))
    t.same(await found(store, 'gull').then(hits => hits.length), 50, 'the search still finds them')

    const failing = store.atomically(async changes => {
      await changes.content.renameSpeaker(other, { from: 'Tom', to: 'Ann' })
      throw new Error('as scripted')
    })
    await t.rejects(failing, { message: 'as scripted' })
    t.same(await allItems(store.content, other, 'transcript'), sentences, 'all or nothing')
  })

  t.test('a time range takes what overlaps it, half-open', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await transcribe(store, videoId, jobId, ['a', 'b', 'c', 'd'])
    const within = async (start?: number, end?: number) =>
      (await store.content.list(videoId, 'transcript', { ...ALL, start, end })).items
        .map(segment => segment.text)
        .join('')
    t.equal(await within(1, 2), 'b')
    t.equal(await within(0.5, 1.5), 'ab')
    t.equal(await within(2), 'cd')
    t.equal(await within(undefined, 2), 'ab')
    t.equal(await within(4), '')

    await store.content.begin(videoId, 'detections', jobId)
    await store.content.add(videoId, 'detections', jobId, [aFrame(1), aFrame(2), aFrame(3)])
    const frames = await store.content.list(videoId, 'detections', { ...ALL, start: 1, end: 3 })
    t.strictSame(
      frames.items.map(frame => frame.at),
      [1, 2],
      'a frame at the start is in, one at the end is not',
    )
  })

  t.test('pages join without a gap or a repeat', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await store.content.begin(videoId, 'detections', jobId)
    await store.content.add(
      videoId,
      'detections',
      jobId,
      Array.from({ length: 1203 }, (_, i) => aFrame(i / 5)),
    )
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await store.content.list(videoId, 'detections', { limit: 200, cursor })
      seen.push(...page.items.map(frame => frame.at))
      cursor = page.next
    } while (cursor !== undefined)
    t.strictSame(
      seen,
      Array.from({ length: 1203 }, (_, i) => i / 5),
    )
  })

  t.test('the draft of a job is read by that job while others still see the former result', async t => {
    const store = await open(t)
    const [videoId, former, newer] = [await withVideo(store), newId(), newId()]
    const { content } = store
    await content.begin(videoId, 'detections', former)
    await content.add(videoId, 'detections', former, [aFrame(1, 'boat')])
    await content.complete(videoId, 'detections', former)
    await content.begin(videoId, 'detections', newer)
    await content.add(videoId, 'detections', newer, [aFrame(1, 'kite')])
    t.strictSame((await content.list(videoId, 'detections', ALL)).items, [aFrame(1, 'boat')])
    t.strictSame((await content.list(videoId, 'detections', { ...ALL, draftOf: newer })).items, [aFrame(1, 'kite')])
    t.strictSame(
      (await content.list(videoId, 'detections', { ...ALL, draftOf: former })).items,
      [],
      'it has no draft any more',
    )
  })

  t.test('detections of one label leave other frames and objects out', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    await store.content.begin(videoId, 'detections', jobId)
    await store.content.add(videoId, 'detections', jobId, [
      aFrame(0, 'boat', 'person'),
      aFrame(1, 'person'),
      aFrame(2, 'boat'),
    ])
    const { items } = await store.content.list(videoId, 'detections', { ...ALL, labels: ['boat'] })
    t.strictSame(items, [aFrame(0, 'boat'), aFrame(2, 'boat')])
  })

  t.test('labels are replaced as a whole, keep their order, and are found at their longest span', async t => {
    const store = await open(t)
    const [videoId, jobId] = [await withVideo(store), newId()]
    const label = (name: string, ...spans: { start: number; end: number }[]) => ({
      label: name,
      frames: 3,
      maxCount: 2,
      confidence: 0.7,
      band: 'high' as const,
      spans,
    })
    await store.content.begin(videoId, 'objects', jobId)
    await store.content.replace(videoId, 'objects', jobId, [label('sheep', { start: 0, end: 9 })])
    const labels = [
      label('person', { start: 1, end: 2 }, { start: 5, end: 9 }),
      label('boat', { start: 3, end: 4 }),
      label('kite'),
    ]
    await store.content.replace(videoId, 'objects', jobId, labels)
    t.strictSame(await allItems(store.content, videoId, 'objects'), labels)
    t.strictSame(await allItems(store.content, videoId, 'objects', { labels: ['no such', labels[1]?.label ?? ''] }), [
      labels[1],
    ])
    t.strictSame(await allItems(store.content, videoId, 'objects', { labels: [] }), [])
    const objects = (term: string) => store.search.search({ terms: [term], modalities: ['object'], limit: 5 })
    t.match(await objects('people'), [{ text: 'person', start: 5, end: 9, modality: 'object', videoId }])
    t.match(await objects('boats'), [{ text: 'boat', start: 3, end: 4 }])
    t.strictSame(await objects('sheep'), [])
    t.strictSame(await objects('kite'), [], 'a label that is nowhere is not found')
  })
}
