import { join } from 'node:path'
import { writeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { type Client, connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import t from 'tap'
import { WebSocket } from 'ws'
import { cuttableNetwork } from '../support/cuttable-network.js'
import { installedModels } from '../support/models.js'
import { seedTenant } from '../support/seeded-tenant.js'
import { startServer } from '../support/server.js'
import { LONG_SCRIPT } from '../support/talking-clip.js'
import { testFolder } from '../support/test-folder.js'

/** The numbers of the reliable events of a topic up to the end of the job; a gap is told as `gap`. */
async function follow(client: Client, videoId: string, onSegment: () => void = () => undefined) {
  const seen: (number | 'gap')[] = []
  for await (const event of client.subscribe(`video/${videoId}`, { since: 0 })) {
    if (event.type === 'gap') seen.push('gap')
    else if (event.seq !== undefined) seen.push(event.seq)
    if (event.type === 'transcript.segment') onSegment()
    if (event.type === 'processing.completed') break
  }
  return seen
}

t.test('a client that loses its network in the middle of a job misses no reliable event', async t => {
  const folder = testFolder(t)
  const file = join(folder, 'speech.wav')
  await writeSpeechClip(file, LONG_SCRIPT.lines)
  const { port } = await startServer(t, {
    CUEWIRE_DATA_DIR: join(folder, 'data'),
    CUEWIRE_MODELS_DIR: await installedModels(t),
  })
  const network = await cuttableNetwork(t, port)
  const steady = await connect(`ws://127.0.0.1:${port}`)
  const unlucky = await connect({ url: `ws://127.0.0.1:${network.port}`, reconnect: { baseMs: 50, capMs: 200 } })
  t.teardown(() => Promise.all([steady.close(), unlucky.close()]))

  const video = await uploadFile(steady, file)
  let cuts = 0
  const interrupted = follow(unlucky, video.id, () => {
    if (cuts++ > 0) return
    network.cut()
  })
  // Mended only when the job is over, so that all the rest of it was missed.
  const all = await follow(steady, video.id)
  network.mend()
  t.same(await interrupted, all)
  t.equal(all[0], 1)
  t.ok(cuts > 1, 'sentences came after the cut')
  t.same(
    all,
    Array.from({ length: all.length }, (_, i) => i + 1),
    'every number once, in order',
  )
})

// On one transport: over ws all of it is in the buffers of the system before it can be cut.
t.test('a replay that the network cuts off in the middle is read exactly once', async t => {
  const dataDir = testFolder(t)
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'zeppelin', jobState: 'completed' })
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir })
  const network = await cuttableNetwork(t, port)
  const writer = await connect(`ws://127.0.0.1:${port}`)
  /** Where each subscription of the reader began. */
  const starts: number[] = []
  class Watched extends WebSocket {
    override send(text: string): void {
      const { type, data } = JSON.parse(text)
      if (type === 'subscribe') starts.push(data.since)
      super.send(text)
    }
  }
  const reader = await connect({
    url: `ws://127.0.0.1:${network.port}`,
    reconnect: { baseMs: 5, capMs: 20 },
    WebSocket: Watched,
    onState: ({ status }) => status === 'reconnecting' && network.mend(),
  })
  t.teardown(() => Promise.all([writer.close(), reader.close()]))

  const count = 2000
  for (let i = 0; i < count; i++) await writer.video.update({ videoId, title: `title ${i} ${'long '.repeat(35)}` })
  const seen: unknown[] = []
  // Some 600 KB are to come.
  network.cutAfter(150_000)
  for await (const event of reader.subscribe('library', { since: 0 })) {
    seen.push(event.type === 'gap' ? 'gap' : event.seq)
    if (seen.length === count) break
  }
  t.same(
    seen,
    Array.from({ length: count }, (_, i) => i + 1),
  )
  t.ok(
    starts.some(since => since > 0 && since < count),
    `replays began after ${starts}`,
  )
})
