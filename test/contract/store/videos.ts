import type { Test } from 'tap'
import { aJob, at, aVideo, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'

const subtitles = { format: 'srt', text: '1\n00:00:01,000 --> 00:00:02,000\nHello.\n' } as const

/** What every VideoStore must do. */
export async function videoContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('a video comes back as it was put in', async t => {
    const { videos } = await open(t)
    const error = { code: 'media.unreadable', message: 'no', retryable: false } as const
    const video = aVideo({ error, jobId: newId(), title: 'Häfen "und" Boote 🦊' })
    await videos.insert(video, subtitles)
    t.strictSame(await videos.get(video.id), video)
    t.strictSame(await videos.givenSubtitles(video.id), subtitles)
    t.equal(await videos.get(newId()), undefined)
    t.equal(await videos.givenSubtitles(newId()), undefined)
  })

  t.test('pages run from the newest to the oldest, each video once, also when times are equal', async t => {
    const { videos } = await open(t)
    const made = Array.from({ length: 7 }, (_, i) => aVideo({ createdAt: at(Math.floor(i / 3)) }))
    for (const video of made) await videos.insert(video, undefined)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await videos.list({ limit: 3, cursor })
      t.ok(page.items.length <= 3)
      seen.push(...page.items.map(video => video.id))
      cursor = page.next
    } while (cursor !== undefined)
    t.strictSame(seen, made.map(video => video.id).reverse())
  })

  t.test('a last page that is exactly full has no next one', async t => {
    const { videos } = await open(t)
    for (let i = 0; i < 2; i++) await videos.insert(aVideo(), undefined)
    t.equal((await videos.list({ limit: 2 })).next, undefined)
  })

  t.test('a cursor that is not of this list is refused', async t => {
    const { videos, content } = await open(t)
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const wrong = [
      'x',
      '{}',
      '5',
      encode(null),
      encode(['videos']),
      encode(['videos', 1, 2]),
      encode(['chats', 'a', 'b']),
    ]
    for (const cursor of wrong) await t.rejects(videos.list({ limit: 1, cursor }), { code: 'cursor.invalid' }, cursor)
    await t.rejects(content.list(newId(), 'shots', { limit: 1, cursor: encode(['shots/other', 1]) }), {
      code: 'cursor.invalid',
    })
  })

  t.test('a change touches only what it names, and can clear the error', async t => {
    const { videos } = await open(t)
    const video = aVideo({ error: { code: 'stage.failed', message: 'no', retryable: true } })
    await videos.insert(video, undefined)
    const renamed = await videos.update(video.id, { title: 'Quay' })
    t.match(renamed, { title: 'Quay', state: 'queued', error: { code: 'stage.failed' } })
    t.ok(renamed !== undefined && renamed.updatedAt > video.updatedAt)
    const ready = await videos.update(video.id, { state: 'ready', error: undefined })
    t.match(ready, { title: 'Quay', state: 'ready' })
    t.notOk(ready !== undefined && 'error' in ready)
    t.strictSame(await videos.get(video.id), ready)
    t.equal(await videos.update(newId(), { title: 'x' }), undefined)
  })

  t.test('removing a video takes its jobs, content and search rows with it', async t => {
    const { videos, jobs, content, search } = await open(t)
    const video = aVideo()
    const job = aJob(video.id)
    await videos.insert(video, undefined)
    await jobs.insert(job)
    await jobs.saveCheckpoint(job.id, 'shots', { frame: 3 })
    await content.begin(video.id, 'shots', job.id)
    await content.add(video.id, 'shots', job.id, [{ index: 0, start: 0, end: 4, transition: 'start' }])
    t.equal((await search.search({ terms: ['harbour'], limit: 5 })).length, 1)

    t.equal(await videos.remove(video.id), true)
    t.equal(await videos.get(video.id), undefined)
    t.equal(await jobs.get(job.id), undefined)
    t.equal(await jobs.checkpoint(job.id, 'shots'), undefined)
    t.strictSame(await content.list(video.id, 'shots', { limit: 5 }), { items: [], next: undefined })
    t.strictSame(await search.search({ terms: ['harbour'], limit: 5 }), [])
    t.equal(await videos.remove(video.id), false)
  })

  t.test('subtitles can be given later', async t => {
    const { videos } = await open(t)
    const video = aVideo()
    await videos.insert(video, undefined)
    t.equal(await videos.givenSubtitles(video.id), undefined)
    await videos.giveSubtitles(video.id, subtitles)
    t.strictSame(await videos.givenSubtitles(video.id), subtitles)
  })

  t.test('queued videos without any job are found, oldest first', async t => {
    const { videos, jobs, server, tenant } = await open(t)
    const [late, early, ready, served, ended] = [
      aVideo({ createdAt: at(9) }),
      aVideo({ createdAt: at(1) }),
      aVideo({ state: 'ready' }),
      aVideo(),
      aVideo({ createdAt: at(5) }),
    ]
    for (const video of [late, early, ready, served, ended]) await videos.insert(video, undefined)
    await jobs.insert(aJob(served.id))
    await jobs.insert(aJob(ended.id, { state: 'cancelled' }))
    await videos.update(ended.id, { state: 'queued' })
    t.strictSame(
      await server.upkeep.videosWithoutJob(),
      [early, late].map(({ id }) => ({ tenant, videoId: id })),
      'one whose job was cancelled is not queued again',
    )
  })
}
