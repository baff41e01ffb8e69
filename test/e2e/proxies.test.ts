import { readFile } from 'node:fs/promises'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import t, { type Test } from 'tap'
import { Upload } from 'tus-js-client'
import { clipMaker } from '../support/clips.js'
import { onEachTransport } from '../support/on-each-transport.js'
import { PLAIN_NGINX, PROXIES, type ReverseProxy, startProxy, withoutProxy } from '../support/proxies.js'
import { startServer } from '../support/server.js'

const test = onEachTransport(t)
// Noise, so that it is larger than what nginx lets through by default.
const file = await (await clipMaker(t)).make('noise.mp4', [
  ...['-f', 'lavfi', '-i', "nullsrc=size=320x180:rate=10:duration=4,geq=lum='random(1)*255'"],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-qp', '5'],
])
const bytes = await readFile(file)

t.ok(bytes.length > 2_000_000, `the clip has ${bytes.length} bytes`)

for (const proxy of PROXIES) {
  const skip = withoutProxy(proxy)
  test(`behind ${proxy.command} at the root, as the README has it, everything arrives`, { skip }, async t => {
    await everythingArrives(t, proxy, 'root')
  })
  test(`behind ${proxy.command} below a prefix, as the README has it, everything arrives`, { skip }, async t => {
    await everythingArrives(t, proxy, 'prefix')
  })
}

async function everythingArrives(t: Test, proxy: ReverseProxy, where: 'root' | 'prefix'): Promise<void> {
  const { path: inFolder } = await clipMaker(t)
  const settings = { CUEWIRE_DATA_DIR: inFolder('data'), CUEWIRE_ROLE: 'gateway' }
  const { port: upstream } = await startServer(t, settings)
  const port = await startProxy(t, proxy, { where, folder: inFolder('proxy'), upstream })
  const address = `127.0.0.1:${port}${where === 'root' ? '' : '/cuewire'}`
  const base = `http://${address}`

  const page = await (await fetch(`${base}/`)).text()
  t.match(page, `://${address}/v1/socket`, 'the page gives the address that clients use')
  const client = await connect(`ws://${address}/v1/socket`)
  t.teardown(() => client.close())
  const ours = await uploadFile(client, file)
  const stock = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(bytes, {
      ...{ endpoint: `${base}/v1/uploads`, metadata: { filename: 'noise.mp4' }, retryDelays: null, onError: reject },
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
  t.ok(stock.startsWith(`${base}/v1/uploads/`), stock)
  t.equal((await client.video.list()).videos.length, 2)

  for (const id of [ours.id, stock.split('/').at(-1)]) {
    const video = `${base}/v1/videos/${id}`
    const whole = await fetch(`${video}/media`)
    t.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes), 'every byte')
    const part = await fetch(`${video}/media`, { headers: { range: 'bytes=1000-1999' } })
    t.equal(part.status, 206)
    t.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000)), 'a range')
    const head = await fetch(`${video}/media`, { method: 'HEAD' })
    t.equal(head.headers.get('content-length'), String(bytes.length))
    const picture = await fetch(`${video}/frames/1.5.jpg`)
    t.match(picture, { status: 200 })
    t.equal(Buffer.from(await picture.arrayBuffer()).readUInt16BE(0), 0xffd8, 'a JPEG')
    const etag = picture.headers.get('etag') ?? ''
    t.equal((await fetch(`${video}/frames/1.5.jpg`, { headers: { 'if-none-match': etag } })).status, 304)
  }
  for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
    t.equal((await fetch(`${base}/healthz`, { method })).status, 200)
  }
}

test('the HTTP/1.0 that nginx speaks by default is answered with the reason', {
  skip: withoutProxy(PLAIN_NGINX),
}, async t => {
  const { path } = await clipMaker(t)
  const { port: upstream } = await startServer(t, { CUEWIRE_DATA_DIR: path('data') })
  const port = await startProxy(t, PLAIN_NGINX, { where: 'root', folder: path('proxy'), upstream })
  const response = await fetch(`http://127.0.0.1:${port}/healthz`)
  t.equal(response.status, 505)
  t.match(await response.text(), 'does not support HTTP/1.0')
})
