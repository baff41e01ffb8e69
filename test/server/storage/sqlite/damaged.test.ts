import { join } from 'node:path'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t, { type Test } from 'tap'
import { aChapter, aJob, aMessage, aSegment, at, aVideo, newId } from '../../../support/entities.js'
import { testFolder } from '../../../support/test-folder.js'

type Logged = { readonly table: string; readonly id: string; readonly err: Error }

/** A store with one record of each kind, and the database below it. */
async function seeded(t: Test) {
  const file = join(testFolder(t), 'cuewire.db')
  const logged: Logged[] = []
  const server = await openSqliteStore({ file, logger: { error: data => logged.push(data as Logged) } })
  const store = server.for('acme')
  const raw = new Database(file)
  t.teardown(async () => {
    raw.close()
    await server.close()
  })
  const video = aVideo()
  const job = aJob(video.id)
  const chat = { id: newId(), title: 'Boats', videoIds: [], createdAt: at(0), updatedAt: at(0) }
  await store.videos.insert(video, undefined)
  await store.jobs.insert(job)
  await store.chats.insert(chat)
  await store.chats.addMessages([aMessage(chat.id)])
  return { server, store, raw, logged, video, job, chat }
}

const VIDEO_DAMAGE = [
  `media = '{'`,
  `media = ''`,
  `media = '[]'`,
  `media = 'null'`,
  `media = '{"container":"x"}'`,
  `media = json_set(media, '$.duration', -1)`,
  `media = json_set(media, '$.duration', 'long')`,
  `media = json_set(media, '$.more', 1)`,
  `state = 'asleep'`,
  `size_bytes = -1`,
  `job_id = 'x'`,
  `error = '{"code":"no.such"}'`,
  `error = '"text"'`,
  `created_at = '23 November'`,
  `updated_at = ''`,
  `title = ''`,
]

t.test('whatever is wrong with a record, lists go on without it and it can be removed', async t => {
  for (const change of VIDEO_DAMAGE) {
    const { store, raw, video, logged } = await seeded(t)
    await store.videos.insert(aVideo({ createdAt: at(-1) }), undefined)
    raw.prepare(`update videos set ${change} where id = ?`).run(video.id)
    t.equal((await store.videos.list({ limit: 10 })).items.length, 1, change)
    await t.rejects(async () => store.videos.get(video.id), { code: 'record.damaged' }, change)
    t.match(logged, [{ table: 'videos', id: video.id, err: Error }], change)
    t.equal(await store.videos.remove(video.id), true, change)
  }
})

const CLAIM = { owner: 'a', leaseMs: 1000, maxCrashes: 3, maxDeaths: 25, alone: true, except: [] }
const JOB_DAMAGE = [
  `stages = '[{"name":"probe","state":"running","elapsedMs":-2000}]'`,
  `stages = 'x'`,
  `stages = '{}'`,
  `progress = 7`,
  `attempt = -9`,
  `speed = -1`,
  `error = '{'`,
  `created_at = ''`,
  `started_at = 'never'`,
]

t.test('whatever is wrong with a queued job, it fails at its turn and can be read again', async t => {
  for (const change of JOB_DAMAGE) {
    const { server, store, raw, video, job } = await seeded(t)
    const next = aJob(video.id, { createdAt: at(1) })
    await store.jobs.insert(next)
    raw.prepare(`update jobs set ${change} where id = ?`).run(job.id)
    await t.rejects(store.jobs.get(job.id), { code: 'record.damaged' }, change)
    t.match(await server.queue.claim(CLAIM), { job: { id: job.id, state: 'failed' } }, change)
    t.match(await store.jobs.get(job.id), { state: 'failed', error: { code: 'record.damaged' } }, change)
    t.match(await server.queue.claim(CLAIM), { job: { id: next.id, state: 'running' } }, change)
  }
})

t.test('a job of which nothing is sure does not keep others from their turn', async t => {
  const { server, store, raw, video, job } = await seeded(t)
  const next = aJob(video.id, { createdAt: at(1) })
  await store.jobs.insert(next)
  raw.prepare(`update jobs set id = 'x' where id = ?`).run(job.id)
  t.match(await server.queue.claim(CLAIM), { job: { id: next.id, state: 'running' } })
  t.equal(await store.jobs.state('x'), 'failed')
  t.equal(await store.jobs.state(next.id), 'running')
  raw.prepare(`update jobs set state = 'asleep' where id = ?`).run(next.id)
  t.equal(await store.jobs.state(next.id), 'failed', 'nor does a state that is none count as a job to wait for')
  t.same(await store.jobs.active(video.id), [])
})

t.test('a damaged record is logged and counted once, however often it is met', async t => {
  const { store, raw, chat, logged } = await seeded(t)
  raw.exec(`update chats set video_ids = '{'; update messages set citations = '['`)
  for (let i = 0; i < 3; i++) {
    await store.chats.list({ limit: 5 })
    await store.chats.messages(chat.id, { limit: 5 })
  }
  t.match(logged, [
    { table: 'chats', id: chat.id },
    { table: 'messages', id: /^[0-9A-Z]{26}$/ },
  ])
  t.equal(logged.length, 2)
  t.same(store.damaged, { chats: 1, messages: 1 })
})

t.test('text that an older version stored is repaired where it is read', async t => {
  const { store, raw, video, job, chat, logged } = await seeded(t)
  // What became of a title that was cut through an emoji: half of it is three characters once it is read.
  const title = `${'a'.repeat(199)}\ud83d`
  const media = { ...video.media, chapters: [{ start: 0, end: 1, title: 'Boats\ud83d\u0000' }] }
  raw.prepare('update videos set title = ?, media = ?, filename = ?').run(title, JSON.stringify(media), '\u0007')
  raw.prepare('update chats set title = ?').run('Boats\r\n\u202eand tides')
  raw.prepare('update messages set text = ?').run('When do\n\u0000they leave?')
  const [read] = (await store.videos.list({ limit: 1 })).items
  t.match(read, { title: `${'a'.repeat(199)}\ufffd`, filename: '\ufffd' })
  t.same(read?.media.chapters, [{ start: 0, end: 1, title: 'Boats\ufffd' }])
  t.match(await store.chats.get(chat.id), { title: 'Boats and tides' })
  t.match((await store.chats.messages(chat.id, { limit: 1 })).items, [{ text: 'When do\nthey leave?' }])

  await store.content.begin(video.id, 'transcript', job.id)
  await store.content.add(video.id, 'transcript', job.id, [aSegment(0, 'Gulls\u001b cry\ud83d')])
  await store.content.begin(video.id, 'chapters', job.id)
  await store.content.add(video.id, 'chapters', job.id, [aChapter(0, 'Tides\u2028', { keywords: ['tide\u0000'] })])
  const { items } = await store.content.list(video.id, 'transcript', { limit: 1 })
  t.match(items, [{ text: 'Gulls cry\ufffd', words: [{ text: 'Gulls' }, { text: 'cry\ufffd' }] }])
  t.match(await allItems(store.content, video.id, 'chapters'), [{ title: 'Tides', keywords: ['tide'] }])
  t.match(await store.search.search({ terms: ['gulls'], limit: 1 }), [{ text: /^Gulls cry/, videoTitle: /^a+\ufffd$/ }])
  t.same(logged, [])
})
