import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { connect } from '@cuewire/client'
import t from 'tap'
import { clipMaker } from '../support/clips.js'
import { onEachTransport } from '../support/on-each-transport.js'
import { startServer } from '../support/server.js'
import { testFolder } from '../support/test-folder.js'

const test = onEachTransport(t)

test('a file that is no media is refused with the last byte and leaves nothing behind', async t => {
  const dataDir = testFolder(t)
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const bytes = new TextEncoder().encode('this is a text, whatever its name says\n'.repeat(200))
  const filename = 'holiday.mp4'
  await t.rejects(client.upload(bytes, { filename }), { code: 'media.unreadable' })
  t.same(await client.video.list(), { videos: [] })
  t.same(await readdir(`${dataDir}/tenants/default/uploads`), [])
  t.notOk(existsSync(`${dataDir}/tenants/default/videos`))
})

t.test('an mp4 that was cut short before its index is refused', async t => {
  const clips = await clipMaker(t)
  const file = await clips.cut(await clips.videoOnly(), 0.5, 'cut.mp4')
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: clips.path('data') })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  await t.rejects(client.upload(new Uint8Array(await readFile(file)), { filename: 'cut.mp4' }), {
    code: 'media.truncated',
  })
  t.same(await client.video.list(), { videos: [] })
})

test('an empty upload and one over the limit are refused before a byte is sent', async t => {
  const { port } = await startServer(t)
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  await t.rejects(client.video.create({ filename: 'a.mp4', sizeBytes: 0 }), { code: 'upload.empty' })
  await t.rejects(client.video.create({ filename: 'a.mp4', sizeBytes: 10e9 }), { code: 'upload.too_large' })
  const answer = (length: string) =>
    fetch(`http://127.0.0.1:${port}/v1/uploads`, {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': length, 'upload-metadata': `filename ${btoa('a.mp4')}` },
    })
  t.equal((await answer('0')).status, 400)
  t.equal((await answer('10000000000')).status, 413)
  t.equal((await answer('-1')).status, 400)
  t.same(await client.video.list(), { videos: [] })
})
