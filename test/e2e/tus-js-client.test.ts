import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { type DetailedError, Upload, type UploadOptions } from 'tus-js-client'
import { clipMaker } from '../support/clips.js'
import { onEachTransport } from '../support/on-each-transport.js'
import { RawSocket } from '../support/raw-socket.js'
import { startServer } from '../support/server.js'
import { SECRET, token } from '../support/tokens.js'

const test = onEachTransport(t)

const CHUNK = 16 * 1024

async function serve(t: Test, settings: Record<string, string> = {}) {
  const { long, path } = await clipMaker(t)
  // Some hundred kilobytes, so that there are many chunks.
  const file = await long('long.mp4', ['-crf', '0', '-movflags', '+faststart'])
  const { port } = await startServer(t, {
    CUEWIRE_DATA_DIR: path('data'),
    CUEWIRE_ROLE: 'gateway',
    ...settings,
  })
  const base = `http://127.0.0.1:${port}`
  const options: UploadOptions = {
    endpoint: `${base}/v1/uploads`,
    metadata: { filename: 'long.mp4', title: 'Long', filetype: 'video/mp4' },
    retryDelays: null,
  }
  return { file, bytes: await readFile(file), base, port, options }
}

/** Uploads a file and resolves with the address of the upload, or rejects as the client does. */
function uploaded(source: ConstructorParameters<typeof Upload>[0], options: UploadOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(source, { ...options, onError: reject, onSuccess: () => resolve(upload.url ?? '') })
    upload.start()
  })
}

/** The bytes that the server has of an upload that is finished. */
async function stored(base: string, url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const id = url.split('/').at(-1)
  return Buffer.from(await (await fetch(`${base}/v1/videos/${id}/media`, { headers })).arrayBuffer())
}

test('a stock tus client uploads the same bytes, whatever it is told to do', async t => {
  const { file, bytes, base, options } = await serve(t)
  const cases: Record<string, Partial<UploadOptions>> = {
    'its defaults': {},
    'an endpoint with a slash': { endpoint: `${base}/v1/uploads/` },
    pieces: { chunkSize: CHUNK },
    'bytes with the creation': { uploadDataDuringCreation: true },
    'the first piece with the creation': { uploadDataDuringCreation: true, chunkSize: CHUNK },
    'POST for PATCH': { overridePatchMethod: true, chunkSize: CHUNK },
    'headers and ids of its own': { headers: { 'x-requested-with': 'test' }, addRequestId: true },
    retries: { retryDelays: [0, 100], chunkSize: CHUNK },
    'no title': { metadata: {} },
    'a name in another script': { metadata: { filename: 'Hafen – 港.mp4', empty: '' } },
    'no memory of it': { storeFingerprintForResuming: false, removeFingerprintOnSuccess: true },
  }
  for (const [name, change] of Object.entries(cases)) {
    const url = await uploaded(bytes, { ...options, ...change })
    t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/v1\/uploads\/[0-9A-Z]{26}$/, name)
    t.ok((await stored(base, url)).equals(bytes), name)
  }
  const stream = await uploaded(createReadStream(file), { ...options, chunkSize: CHUNK, uploadSize: bytes.length })
  t.ok((await stored(base, stream)).equals(bytes), 'a stream')
})

test('what the server does not offer is refused at once, with the reason', async t => {
  const { file, bytes, options } = await serve(t)
  const refused = async (name: string, change: Partial<UploadOptions>, status: number, reason: RegExp) => {
    const source = change.uploadLengthDeferred ? createReadStream(file) : bytes
    const error = await uploaded(source, { ...options, ...change }).then(
      () => undefined,
      error => error as DetailedError,
    )
    t.equal(error?.originalResponse?.getStatus(), status, name)
    t.match(error?.originalResponse?.getBody(), reason, name)
  }
  await refused('parallel parts', { parallelUploads: 2 }, 400, /Upload-Concat is not offered/)
  await refused(
    'no length',
    { uploadLengthDeferred: true, chunkSize: CHUNK },
    400,
    /Upload-Defer-Length is not offered/,
  )
  await refused('a newer protocol', { protocol: 'ietf-draft-05' } as object, 412, /Tus-Resumable must be 1.0.0/)
})

test('with authentication a token in a header does', async t => {
  const { bytes, base, options } = await serve(t, { CUEWIRE_JWT_SECRET: SECRET })
  const headers = { authorization: `Bearer ${token({ scope: 'read write' })}` }
  await t.rejects(uploaded(bytes, options), /401/)
  t.ok((await stored(base, await uploaded(bytes, { ...options, headers }), headers)).equals(bytes))
})

test('a stock tus client breaks off, and resumes where the server stands', async t => {
  const { bytes, base, port, options } = await serve(t)
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(bytes, {
      ...options,
      chunkSize: CHUNK,
      onError: reject,
      onChunkComplete: (_size, accepted) => {
        if (accepted >= 2 * CHUNK) upload.abort().then(() => resolve(upload.url ?? ''), reject)
      },
    })
    upload.start()
  })
  const socket = await RawSocket.open(t, port)
  t.match(await socket.command('video.list'), { data: { videos: [] } }, 'half an upload is no video')

  let first: number | undefined
  const onProgress = (sent: number) => {
    first ??= sent
  }
  await uploaded(bytes, { ...options, uploadUrl: url, onProgress })
  t.ok(Number(first) >= 2 * CHUNK, 'bytes that were there were not sent again')
  t.match(await socket.command('video.list'), { data: { videos: [{ title: 'Long', sizeBytes: bytes.length }] } })
  t.ok((await stored(base, url)).equals(bytes))
})

test('a stock tus client ends an upload', async t => {
  const { bytes, base, options } = await serve(t)
  const upload = new Upload(bytes, { ...options, chunkSize: CHUNK })
  await new Promise<void>((resolve, reject) => {
    upload.options.onError = reject
    upload.options.onChunkComplete = () => resolve()
    upload.start()
  })
  await upload.abort(true)
  const head = await fetch(new URL(upload.url ?? '', base), { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })
  t.equal(head.status, 404)
})
