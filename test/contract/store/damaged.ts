import { KIND_NAMES } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import type { Page, PageRequest, Store } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { aChapter, aFrame, aJob, aMessage, aSegment, at, aVideo, newId } from '../../support/entities.js'
import type { DamageableFactory } from '../store.js'

const CLAIM = { owner: 'a', leaseMs: 1000, maxCrashes: 3, maxDeaths: 25, alone: true, except: [] }
const DAMAGED = { code: 'record.damaged' }
const subtitles = { format: 'srt', text: '1\n00:00:01,000 --> 00:00:02,000\nHello.\n' } as const

/** The items of every page of a list, read two rows at a time. */
async function all<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await read({ limit: 2, cursor })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return items
}

const ids = (rows: readonly { readonly id: string }[]) => rows.map(row => row.id)

async function withVideos(store: Store, count: number): Promise<string[]> {
  const videos = Array.from({ length: count }, (_, i) => aVideo({ createdAt: at(100 - i) }))
  for (const video of videos) await store.videos.insert(video, subtitles)
  return ids(videos)
}

/** What every store must do about records that cannot be read. */
export async function damagedContract(t: Test, open: DamageableFactory): Promise<void> {
  t.test('a damaged video is told of by its id, left out of lists, and can be changed and removed', async t => {
    const { store, damage } = await open(t)
    const { videos, server } = store
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = await withVideos(store, 5)
    for (const id of [third, fourth]) damage('video', id)
    t.strictSame(ids(await all(page => videos.list(page))), [first, second, fifth], 'a whole page was damaged')
    await t.rejects(async () => videos.get(third), { ...DAMAGED, message: /delete it with video\.delete/ })
    t.strictSame(await Promise.all([third, newId()].map(id => videos.has(id))), [true, false])
    t.equal((await server.upkeep.videosWithoutJob()).length, 5)
    t.equal(await videos.update(third, { state: 'failed' }), undefined)
    t.equal((await server.upkeep.videosWithoutJob()).length, 4, 'the change was made')
    const { media } = aVideo()
    t.match(await videos.update(fourth, { media }), { id: fourth, media }, 'a change may mend it')
    t.equal(await videos.remove(third), true)
    t.equal(await videos.get(third), undefined)
    t.strictSame({ ...store.damaged }, { videos: 2 })

    damage('subtitles', second)
    await t.rejects(videos.givenSubtitles(second), { ...DAMAGED, message: /transcript\.put/ })
    await videos.giveSubtitles(second, subtitles)
    t.strictSame(await videos.givenSubtitles(second), subtitles)
  })

  t.test('damage counts for the tenant it is of', async t => {
    const { store, damage } = await open(t)
    const other = store.server.for('globex')
    const video = aVideo()
    for (const { videos } of [store, other]) await videos.insert(video, undefined)
    damage('video', video.id)
    await t.rejects(async () => other.videos.get(video.id), DAMAGED)
    t.strictSame([{ ...store.damaged }, { ...other.damaged }], [{}, { videos: 1 }])
  })

  t.test('a damaged upload is told of, and can be listed, prolonged and removed', async t => {
    const { store, damage } = await open(t)
    const { uploads } = store
    const upload = {
      filename: 'a.mp4',
      title: 'A',
      sizeBytes: 10,
      subtitles,
      metadata: undefined,
      traceparent: undefined,
      createdAt: at(0),
      expiresAt: at(60),
    }
    const [whole, broken] = [newId(), newId()]
    for (const videoId of [whole, broken]) await uploads.insert({ ...upload, videoId })
    damage('upload', broken)
    await t.rejects(uploads.get(broken), { ...DAMAGED, message: /DELETE/ })
    await t.rejects(uploads.complete(aVideo({ id: broken })), DAMAGED)
    t.equal(await store.videos.has(broken), false)
    t.match(await uploads.get(whole), { videoId: whole })
    t.strictSame(await Promise.all([broken, newId()].map(id => uploads.has(id))), [true, false])
    t.strictSame(await uploads.totals(), { count: 2, sizeBytes: 20 })
    await uploads.prolong(broken, at(90))
    t.strictSame(
      (await store.server.upkeep.uploads(at(90))).map(row => row.videoId),
      [whole, broken],
    )
    t.equal(await uploads.remove(broken, at(90)), true)
  })

  t.test('a damaged job is told of, left out of lists, and can be cancelled', async t => {
    const { store, damage } = await open(t)
    const { jobs } = store
    const [videoId = ''] = await withVideos(store, 1)
    const made = [0, 1, 2, 3, 4].map(i => aJob(videoId, { createdAt: at(10 - i) }))
    for (const job of made) await jobs.insert(job)
    const [a, b, c = '', d = '', e] = ids(made)
    for (const id of [c, d]) damage('job', id)
    t.strictSame(ids(await all(page => jobs.list(page))), [a, b, e])
    t.strictSame(ids(await all(page => jobs.list({ ...page, videoId }))), [a, b, e])
    await t.rejects(jobs.get(c), { ...DAMAGED, message: /processing\.start/ })
    t.strictSame(await Promise.all([c, newId()].map(id => jobs.state(id))), ['queued', undefined])
    t.strictSame((await jobs.active(videoId)).sort(), ids(made).sort())
    t.equal(await jobs.countQueued(), 5)

    const cancelled = (await jobs.setState(c, 'cancelled', { at: at(20) }))?.job
    t.match(cancelled, { id: c, videoId, state: 'cancelled', stages: [], createdAt: at(8), finishedAt: at(20) })
    t.notOk(cancelled && 'error' in cancelled)
    t.strictSame(await jobs.get(c), cancelled)
    const error = { code: 'stage.failed', message: 'no', retryable: true } as const
    t.match(await jobs.setState(d, 'failed', { at: at(21), error }), { job: { state: 'failed', stages: [], error } })

    damage('job', a ?? '')
    const probe = { name: 'probe', state: 'cancelled', elapsedMs: 61 } as const
    await jobs.setStage(a ?? '', probe, { progress: 0.5, attempt: 0 })
    t.match(await jobs.get(a ?? ''), { state: 'queued', stages: [probe], progress: 0.5 })
  })

  t.test('a damaged job in the queue fails, so that those behind it come to their turn', async t => {
    const { store, damage } = await open(t)
    const { jobs, server } = store
    const [videoId = ''] = await withVideos(store, 1)
    const [first, second] = [aJob(videoId, { createdAt: at(0) }), aJob(videoId, { createdAt: at(1) })]
    for (const job of [first, second]) await jobs.insert(job)
    damage('job', first.id)
    const failed = (await server.queue.claim(CLAIM))?.job
    t.match(failed, { id: first.id, state: 'failed', stages: [], error: DAMAGED })
    t.strictSame(await jobs.get(first.id), failed)
    t.match(await server.queue.claim(CLAIM), { job: { id: second.id, state: 'running' } })
    t.equal(await server.queue.claim(CLAIM), undefined)

    damage('job', second.id)
    t.match(await jobs.setState(second.id, 'queued', { at: at(102), retry: {} }), {
      job: { state: 'failed', error: DAMAGED },
      video: { state: 'failed' },
    })
    t.equal(await server.queue.claim(CLAIM), undefined, 'one without its stages is not queued again')
    t.strictSame({ ...store.damaged }, { jobs: 2 })
  })

  t.test('a damaged checkpoint is none', async t => {
    const { store, damage } = await open(t)
    const [videoId = ''] = await withVideos(store, 1)
    const job = aJob(videoId)
    await store.jobs.insert(job)
    await store.jobs.saveCheckpoint(job.id, 'objects', { at: 1 })
    damage('checkpoint', job.id)
    t.equal(await store.jobs.checkpoint(job.id, 'objects'), undefined)
    await store.jobs.saveCheckpoint(job.id, 'objects', { at: 2 })
    t.strictSame(await store.jobs.checkpoint(job.id, 'objects'), { at: 2 })
    t.strictSame({ ...store.damaged }, { checkpoints: 1 })
  })

  t.test('what was found is there without what is damaged of it', async t => {
    const { store, damage } = await open(t)
    const { content } = store
    const [videoId = ''] = await withVideos(store, 1)
    const jobId = newId()
    const numbers = [0, 1, 2, 3, 4]
    for (const stage of KIND_NAMES) await content.begin(videoId, stage, jobId)
    const shots = numbers.map(index => ({ index, start: index, end: index + 1, transition: 'cut' }) as const)
    await content.add(videoId, 'shots', jobId, shots)
    await content.add(
      videoId,
      'transcript',
      jobId,
      numbers.map(index => aSegment(index, `Gulls ${index}.`)),
    )
    await content.add(
      videoId,
      'chapters',
      jobId,
      numbers.map(index => aChapter(index, `Part ${index}`)),
    )
    // The positions of frames are milliseconds.
    await content.add(
      videoId,
      'detections',
      jobId,
      numbers.map(index => aFrame(index / 1000, 'boat')),
    )
    const spans = [{ start: 0, end: 1 }]
    const labels = numbers.map(at => ({
      label: `thing ${at}`,
      frames: 1,
      maxCount: 1,
      confidence: 0.5,
      band: 'high' as const,
      spans,
    }))
    await content.replace(videoId, 'objects', jobId, labels)
    for (const position of [2, 3]) damage('item', position)

    const indices = (rows: readonly { readonly index: number }[]) => rows.map(row => row.index)
    t.strictSame(indices(await all(page => content.list(videoId, 'shots', page))), [0, 1, 4])
    t.strictSame(indices(await all(page => content.list(videoId, 'transcript', page))), [0, 1, 4])
    t.strictSame(indices(await allItems(content, videoId, 'chapters')), [0, 1, 4])
    for (const label of [undefined, 'boat']) {
      const frames = await all(page =>
        content.list(videoId, 'detections', { ...page, ...(label && { labels: [label] }) }),
      )
      t.strictSame(
        frames.map(frame => frame.at),
        [0, 0.001, 0.004],
      )
    }
    t.strictSame(
      (await allItems(content, videoId, 'objects')).map(row => row.label),
      ['thing 0', 'thing 1', 'thing 4'],
    )
    t.strictSame(
      (await allItems(content, videoId, 'objects', { labels: ['thing 3', 'thing 4'] })).map(row => row.label),
      ['thing 4'],
    )
    t.strictSame({ ...store.damaged }, { items: 10 })
    await content.complete(videoId, 'shots', jobId)
    t.equal(await store.videos.remove(videoId), true)
  })

  t.test('a search goes on without damaged rows of its index', async t => {
    const { store, damage } = await open(t)
    const [videoId = ''] = await withVideos(store, 1)
    const jobId = newId()
    await store.content.begin(videoId, 'transcript', jobId)
    await store.content.add(
      videoId,
      'transcript',
      jobId,
      [0, 1, 2].map(index => aSegment(index, 'Gulls cry.')),
    )
    damage('text', 1)
    const hits = await store.search.search({ terms: ['gull'], limit: 10 })
    t.strictSame(hits.map(hit => hit.index).sort(), [0, 2])
    t.strictSame({ ...store.damaged }, { texts: 1 })
  })

  t.test('a damaged chat and damaged messages are left out, and go with the chat', async t => {
    const { store, damage } = await open(t)
    const { chats } = store
    const made = [0, 1, 2, 3].map(i => ({
      id: newId(),
      title: 'Boats',
      videoIds: [],
      createdAt: at(0),
      updatedAt: at(9 - i),
    }))
    for (const chat of made) await chats.insert(chat)
    const [first = '', second = '', third = '', fourth = ''] = ids(made)
    const messages = [0, 1, 2, 3].map(i => aMessage(first, { text: `${i}`, createdAt: at(0) }))
    await chats.addMessages(messages)
    for (const id of [second, third]) damage('chat', id)
    for (const { id } of messages.slice(1, 3)) damage('message', id)
    t.strictSame(ids(await all(page => chats.list(page))), [first, fourth])
    await t.rejects(chats.get(second), { ...DAMAGED, message: /chat\.delete/ })
    t.strictSame(await Promise.all([second, newId()].map(id => chats.has(id))), [true, false])
    t.strictSame(await all(page => chats.messages(first, page)), [messages[0], messages[3]])
    t.strictSame(await chats.latestMessages(first, 2), [messages[3]])
    t.strictSame(await store.server.upkeep.unfinishedAnswers(), [])
    for (const id of [first, second]) t.equal(await chats.remove(id), true)
    t.strictSame({ ...store.damaged }, { chats: 2, messages: 2 })
  })

  t.test('a damaged outcome is told of, and expires like any other', async t => {
    const { store, damage } = await open(t)
    const row = { subject: 'ada', key: 'k', fingerprint: 'hash', outcome: { result: 1 }, createdAtMs: 1 }
    await store.outcomes.put(row, { count: 9, bytes: 999 })
    damage('outcome', 'k')
    await t.rejects(store.outcomes.get('ada', 'k'), { ...DAMAGED, message: /another key/ })
    t.equal(await store.server.upkeep.expireOutcomes(1, 10), 1)
    t.equal(await store.outcomes.get('ada', 'k'), undefined)
  })

  t.test('what could not be read again is not stored, and text is stored so that it can be', async t => {
    const { store } = await open(t)
    const { videos, jobs, chats, content, uploads } = store
    const [videoId = ''] = await withVideos(store, 1)
    const [job, jobId] = [aJob(videoId), newId()]
    await jobs.insert(job)
    const media = { ...aVideo().media, duration: -1 }
    const chat = { id: newId(), title: '\u0007', videoIds: [], createdAt: at(0), updatedAt: at(0) }
    const upload = { videoId: newId(), filename: 'a', title: 'A', sizeBytes: -1, createdAt: at(0), expiresAt: at(1) }
    for (const stage of ['shots', 'transcript'] as const) await content.begin(videoId, stage, jobId)
    const writes: Record<string, () => Promise<unknown>> = {
      'a video': () => videos.insert(aVideo({ media }), undefined),
      'a change of a video': () => videos.update(videoId, { media }),
      'given subtitles': () => videos.giveSubtitles(videoId, { format: 'srt', text: '' }),
      'an upload': () =>
        uploads.insert({ ...upload, subtitles: undefined, metadata: undefined, traceparent: undefined }),
      'a job': () => jobs.insert(aJob(videoId, { progress: 2 })),
      'a stage': () =>
        jobs.setStage(job.id, { name: 'probe', state: 'running', elapsedMs: -2000 }, { progress: 0, attempt: 0 }),
      'a chat': () => chats.insert({ ...chat, id: 'x' }),
      'a message': () => chats.addMessages([aMessage(chat.id, { createdAt: 'now' })]),
      'a shot': () => content.add(videoId, 'shots', jobId, [{ index: 0, start: -1, end: 1, transition: 'cut' }]),
      'a sentence': () => content.add(videoId, 'transcript', jobId, [{ ...aSegment(0, 'Gulls.'), confidence: 2 }]),
    }
    for (const [what, write] of Object.entries(writes)) {
      await t.rejects(write, { message: /does not fit its schema/ }, what)
    }
    t.match(await videos.get(videoId), { media: aVideo().media })
    t.match(await jobs.get(job.id), { stages: job.stages })
    t.strictSame((await jobs.list({ limit: 5 })).items.length, 1)

    t.match(await videos.update(videoId, { title: 'Boats\ud83d\u0000\n' }), { title: 'Boats\ufffd' })
    await chats.insert(chat)
    t.match((await chats.list({ limit: 1 })).items, [{ title: '\ufffd' }])
    t.strictSame({ ...store.damaged }, {})
  })
}
