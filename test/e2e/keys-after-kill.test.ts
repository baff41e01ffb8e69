import { join } from 'node:path'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { RawSocket } from '../support/raw-socket.js'
import { spawnServer } from '../support/server-process.js'
import { testFolder } from '../support/test-folder.js'

const UPLOAD = { type: 'video.create', id: 1, key: 'upload', data: { filename: 'harbour.mp4', sizeBytes: 1000 } }
const CHAT = { type: 'chat.create', id: 2, key: 'chat', data: { title: 'Boats' } }
const REFUSED = { type: 'chat.delete', id: 3, key: 'refused', data: { chatId: '01JD7Z0TM4Y8Q6B2N9C5V1X3KD' } }

async function answers(socket: RawSocket) {
  const frames = []
  for (const command of [UPLOAD, CHAT, REFUSED]) {
    socket.send(command)
    frames.push(await socket.next(({ id }) => id === command.id))
  }
  return frames
}

t.test('commands sent again with their keys after kill -9 are answered as before and do nothing twice', async t => {
  const dataDir = testFolder(t)
  const first = await spawnServer(t, dataDir)
  const before = await answers(await RawSocket.open(t, first.port))
  t.match(before, [
    { type: 'reply', data: { upload: { offset: 0, sizeBytes: 1000 } } },
    { type: 'reply', data: { chat: { title: 'Boats' } } },
    { type: 'error', error: { code: 'chat.not_found' } },
  ])
  await first.kill()

  const second = await spawnServer(t, dataDir)
  const socket = await RawSocket.open(t, second.port)
  t.strictSame(await answers(socket), before)
  socket.send({ ...CHAT, data: { title: 'Trains' } })
  t.match(await socket.next(({ id }) => id === CHAT.id), { error: { code: 'idempotency.mismatch', retryable: false } })
  t.match(await socket.command('chat.list'), { data: { chats: { length: 1 } } })
  t.equal(await second.terminate(), 0)

  const store = await openSqliteStore({ file: join(dataDir, 'cuewire.db') })
  t.teardown(() => store.close())
  t.equal((await store.for('default').uploads.totals()).count, 1)
})
