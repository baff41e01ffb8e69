import { join } from 'node:path'
import type { Shot } from '@cuewire/protocol'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t, { type Test } from 'tap'
import { aJob, aVideo } from '../../../support/entities.js'
import { testFolder } from '../../../support/test-folder.js'

const SHOTS = 5000

/** A store with a video of many shots. */
async function withLongVideo(t: Test, queryThreads: number) {
  const file = join(testFolder(t), 'cuewire.db')
  const open = (): Promise<ServerStore> => openSqliteStore({ file, queryThreads })
  const server = await open()
  const { videos, jobs, content } = server.for('acme')
  const video = aVideo()
  const job = aJob(video.id)
  await videos.insert(video, undefined)
  await jobs.insert(job)
  await content.begin(video.id, 'shots', job.id)
  const shots = Array.from(
    { length: SHOTS },
    (_, index): Shot => ({
      ...{ index, start: index, end: index + 1 },
      transition: 'cut',
    }),
  )
  await content.add(video.id, 'shots', job.id, shots)
  await content.complete(video.id, 'shots', job.id)
  const rows = () => {
    const database = new Database(file, { readonly: true })
    try {
      return database.prepare('select count(*) from items').pluck().get()
    } finally {
      database.close()
    }
  }
  t.equal(rows(), SHOTS)
  return { open, server, video, rows }
}

for (const queryThreads of [0, 1]) {
  const where = queryThreads > 0 ? 'in a thread' : 'on the loop'

  t.test(`while a long video is removed ${where}, others read and write`, async t => {
    const { server, video, rows } = await withLongVideo(t, queryThreads)
    t.teardown(() => server.close())
    const store = server.for('acme')
    let removed = false
    const removal = store
      .atomically(changes => changes.videos.remove(video.id))
      .then(() => {
        removed = true
      })
    await store.videos.insert(aVideo(), undefined)
    t.equal(await store.videos.get(video.id), undefined)
    t.notOk(removed)
    await removal
    t.equal(rows(), 0)
  })

  t.test(`a removal that is cut short ${where} ends at the next sweep`, async t => {
    const { open, server, video, rows } = await withLongVideo(t, queryThreads)
    const removal = server.for('acme').videos.remove(video.id)
    while ((await server.for('acme').videos.get(video.id)) !== undefined);
    await Promise.all([server.close(), t.rejects(removal)])
    t.ok(Number(rows()) > 0)
    const again = await open()
    t.teardown(() => again.close())
    await again.upkeep.dropReplacedResults()
    t.equal(rows(), 0)
  })
}
