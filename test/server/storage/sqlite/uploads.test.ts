import { join } from 'node:path'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { at, newId } from '../../../support/entities.js'
import { FakeClock } from '../../../support/fake-clock.js'
import { testFolder } from '../../../support/test-folder.js'

t.test('one process at a time may write to an upload, until it lets go, its lease runs out, or it is dead', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const clock = new FakeClock()
  const dead = new Set<string>()
  const open = async (id: string) => {
    const server = await openSqliteStore({ file, clock, processes: { id, isDead: other => dead.has(other) } })
    t.teardown(() => server.close())
    return server.for('acme').uploads
  }
  const [one, other] = [await open('one'), await open('other')]
  const videoId = newId()
  const nothing = { subtitles: undefined, metadata: undefined, traceparent: undefined }
  await one.insert({
    ...{ videoId, filename: 'a.mp4', title: 'A', sizeBytes: 9, createdAt: at(0), expiresAt: at(9) },
    ...nothing,
  })
  t.equal(await one.hold(videoId, 1000), true)
  t.equal(await other.hold(videoId, 1000), false)
  clock.pass(900)
  t.equal(await one.hold(videoId, 1000), true, 'kept for longer')
  clock.pass(900)
  t.equal(await other.hold(videoId, 1000), false)
  await other.letGo(videoId)
  t.equal(await other.hold(videoId, 1000), false, 'it was not its to give')
  await one.letGo(videoId)
  t.equal(await other.hold(videoId, 1000), true)
  clock.pass(1000)
  t.equal(await one.hold(videoId, 1000), true, 'the lease has run out')
  dead.add('one')
  t.equal(await other.hold(videoId, 1000), true, 'its holder is dead')
  t.equal(await other.hold(newId(), 1000), true, 'there is nothing to hold')
})
