import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Notice } from '@cuewire/server/bus/notices.js'
import { createSocketNotices } from '@cuewire/server/bus/socket-notices.js'
import t from 'tap'
import { testFolder } from '../../support/test-folder.js'

// Of its own, and short: other tests make such folders too, and the path of a socket has some hundred bytes.
const temporary = mkdtempSync(join(tmpdir(), 'cuewire-sockets-'))
t.teardown(() => rmSync(temporary, { recursive: true, force: true }))
process.env['TMPDIR'] = temporary

t.test('the last process removes the folder of the sockets, and the next makes it again', async t => {
  const dataDir = testFolder(t)
  const options = { dataDir, logger: { warn: (data: object) => t.fail('a warning', data) } }
  const first = await createSocketNotices(options)
  const second = await createSocketNotices(options)
  const folder = readdirSync(temporary)
  t.equal(folder.length, 1)
  await first.close()
  t.same(readdirSync(temporary), folder, 'another process uses it')
  await second.close()
  t.same(readdirSync(temporary), [])
  const third = await createSocketNotices(options)
  t.same(readdirSync(temporary), folder)
  await third.close()
})

t.test('who sends something else than notices is disconnected, and nobody else notices', async t => {
  const warnings: string[] = []
  const logger = { warn: (_: object, message: string) => void warnings.push(message) }
  const notices = await createSocketNotices({ dataDir: testFolder(t), logger })
  t.teardown(() => notices.close())
  const heard: Notice[] = []
  notices.listen(notice => heard.push(notice))
  const folder = join(temporary, readdirSync(temporary)[0] ?? '')
  const [name = ''] = readdirSync(folder)
  const socket = connect(join(folder, name))
  socket.write('{"kind":"log"}\n')
  socket.write('GET / HTTP/1.1\n')
  await once(socket, 'close')
  t.match(warnings, [/is no notice/])
  notices.send({ kind: 'queued' })
  t.same(heard.at(-1), { kind: 'queued' })
})
