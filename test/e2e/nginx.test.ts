import { mkdir, readFile } from 'node:fs/promises'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import t from 'tap'
import { Upload } from 'tus-js-client'
import { clipMaker } from '../support/clips.js'
import { readmeSnippets, startNginx, withoutNginx } from '../support/nginx.js'
import { onEachTransport } from '../support/on-each-transport.js'
import { startServer } from '../support/server.js'

const test = onEachTransport(t)

const skip = withoutNginx()
const { root, prefix, map } = readmeSnippets()

for (const [name, server, path] of [
  ['at the root', root, ''],
  ['below a prefix', prefix, '/cuewire'],
] as const) {
  test(`behind nginx ${name}, as the README has it, everything arrives`, { skip }, async t => {
    const { make, path: inFolder } = await clipMaker(t)
    // Noise, so that it is larger than what nginx lets through by default.
    const noise = "nullsrc=size=320x180:rate=10:duration=4,geq=lum='random(1)*255'"
    const file = await make('noise.mp4', [
      '-f',
      'lavfi',
      '-i',
      noise,
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-qp',
      '5',
    ])
    const bytes = await readFile(file)
    t.ok(bytes.length > 2_000_000, `${bytes.length} bytes`)
    const settings = { CUEWIRE_DATA_DIR: inFolder('data'), CUEWIRE_ROLE: 'gateway' }
    const { port: upstream } = await startServer(t, settings)
    await mkdir(inFolder('nginx'))
    const port = await startNginx(t, { folder: inFolder('nginx'), upstream, http: map, server })
    const base = `http://127.0.0.1:${port}${path}`

    const page = await (await fetch(`${base}/`)).text()
    t.match(page, `ws://127.0.0.1:${port}${path}/v1/socket`, 'the page gives the address that clients use')
    const client = await connect(`ws://127.0.0.1:${port}${path}/v1/socket`)
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
  })
}

test('the HTTP/1.0 that nginx speaks by default is answered with the reason', { skip }, async t => {
  const { path } = await clipMaker(t)
  const { port: upstream } = await startServer(t, { CUEWIRE_DATA_DIR: path('data') })
  await mkdir(path('nginx'))
  const server = 'location / { proxy_pass http://127.0.0.1:8787; }'
  const port = await startNginx(t, { folder: path('nginx'), upstream, http: '', server })
  const response = await fetch(`http://127.0.0.1:${port}/healthz`)
  t.equal(response.status, 505)
  t.match(await response.text(), 'does not support HTTP/1.0')
})
