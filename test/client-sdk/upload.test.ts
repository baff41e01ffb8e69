import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { UploadProgress } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import { COMMANDS } from '@cuewire/protocol'
import t from 'tap'
import { connected } from '../support/client.js'
import { FakeUploads, refuse } from '../support/fake-uploads.js'
import { testFolder } from '../support/test-folder.js'

const { video } = COMMANDS['video.get'].example.result
const FILE = randomBytes(1000)
const options = { filename: 'harbour.mp4', chunkBytes: 300 }

async function withUploads(t: Parameters<typeof connected>[0]) {
  const { server, client } = await connected(t)
  return { server, client, uploads: new FakeUploads(server) }
}

t.test('an upload reserves, sends chunks, tells its progress and resolves with the video', async t => {
  const { server, client, uploads } = await withUploads(t)
  const progress: UploadProgress[] = []
  const subtitles = { format: 'srt', text: '1\n00:00:01,000 --> 00:00:02,000\nHello\n' } as const
  const uploaded = await client.upload(FILE, {
    ...options,
    title: 'Harbour',
    subtitles,
    onProgress: state => progress.push(state),
  })
  t.same(uploaded, video)
  t.same(uploads.bytes, FILE)
  t.same(server.commands('video.create')[0]?.data, {
    filename: 'harbour.mp4',
    sizeBytes: 1000,
    title: 'Harbour',
    subtitles,
  })
  t.same(uploads.requests, ['PATCH 0', 'PATCH 300', 'PATCH 600', 'PATCH 900'])
  t.same(
    progress,
    [0, 300, 600, 900, 1000].map(sentBytes => ({ sentBytes, totalBytes: 1000 })),
  )
})

t.test('a Blob, a File with its own name, and a file of this machine can be uploaded', async t => {
  const { server, client, uploads } = await withUploads(t)
  const { File } = await import('node:buffer')
  const path = join(testFolder(t, { 'on-disk.mp4': FILE }), 'on-disk.mp4')
  for (const send of [
    () => client.upload(new Blob([FILE]), options),
    () => client.upload(new File([FILE], 'own-name.mp4'), { chunkBytes: 300 }),
    () => uploadFile(client, path, { chunkBytes: 300 }),
  ]) {
    uploads.bytes = Buffer.alloc(0)
    uploads.complete = false
    t.same(await send(), video)
    t.same(uploads.bytes, FILE)
  }
  t.same(
    server.commands('video.create').map(({ data }) => data['filename']),
    ['harbour.mp4', 'own-name.mp4', 'on-disk.mp4'],
  )
})

t.test('a file that is not there, bytes without a name, and a path are refused before anything is sent', async t => {
  const { server, client } = await withUploads(t)
  await t.rejects(uploadFile(client, '/nowhere/at-all.mp4'), { code: 'ENOENT' })
  await t.rejects(client.upload(FILE), { name: 'ClientError', message: /filename is missing/ })
  const upload = client.upload as (source: unknown) => Promise<unknown>
  await t.rejects(upload('on-disk.mp4'), {
    name: 'ClientError',
    message: /source must be a Blob.*uploadFile takes a path/,
  })
  t.equal(server.commands('video.create').length, 0)
})

t.test('after a dropped connection the upload asks with HEAD and goes on from there', async t => {
  const { client, uploads } = await withUploads(t)
  uploads.faults.push(undefined, uploads.takeAndCut)
  t.same(await client.upload(FILE, options), video)
  t.same(uploads.bytes, FILE)
  t.same(uploads.requests, ['PATCH 0', 'PATCH 300', 'HEAD', 'PATCH 600', 'PATCH 900'])
})

t.test('bytes that were lost on the way are sent again', async t => {
  const { client, uploads } = await withUploads(t)
  uploads.faults.push(undefined, (_, response) => void response.destroy())
  t.same(await client.upload(FILE, options), video)
  t.same(uploads.bytes, FILE)
  t.same(uploads.requests, ['PATCH 0', 'PATCH 300', 'HEAD', 'PATCH 300', 'PATCH 600', 'PATCH 900'])
})

t.test('when only the last answer is lost, the video tells that all is well', async t => {
  const { client, uploads } = await withUploads(t)
  uploads.faults.push(undefined, undefined, undefined, uploads.takeAndCut)
  t.same(await client.upload(FILE, options), video)
  t.equal(uploads.requests.at(-1), 'HEAD')
})

t.test('when the last answer is lost while the server still reads the file, the video is waited for', async t => {
  const { server, client, uploads } = await withUploads(t)
  uploads.faults.push(undefined, undefined, undefined, uploads.takeAndCut)
  server.on('video.get', (command, connection) => {
    if (server.commands('video.get').length > 2) return COMMANDS['video.get'].example.result
    return connection.error(command, 'video.not_found')
  })
  t.same(await client.upload(FILE, options), video)
  t.equal(server.commands('video.get').length, 3)
})

t.test('a busy or overloaded server is tried again', async t => {
  const { client, uploads } = await withUploads(t)
  for (const [status, code] of [
    [423, 'upload.locked'],
    [503, 'server.draining'],
  ] as const) {
    uploads.faults.push(async (request, response) => {
      await buffer(request)
      refuse(response, status, code)
    })
  }
  t.same(await client.upload(FILE, options), video)
  t.same(uploads.requests.slice(0, 5), ['PATCH 0', 'HEAD', 'PATCH 0', 'HEAD', 'PATCH 0'])
})

t.test('a refusal is a RemoteError with the code of the problem, and is not tried again', async t => {
  for (const [status, code] of [
    [413, 'upload.too_large'],
    [422, 'media.unreadable'],
  ] as const) {
    const { client, uploads } = await withUploads(t)
    uploads.faults.push(async (request, response) => {
      await buffer(request)
      refuse(response, status, code)
    })
    await t.rejects(client.upload(FILE, options), {
      name: 'RemoteError',
      code,
      retryable: false,
      message: `${code}: refused as ${code}`,
    })
    t.same(uploads.requests, ['PATCH 0'])
  }
})

t.test('a refused reservation is a RemoteError', async t => {
  const { server, client, uploads } = await withUploads(t)
  server.on('video.create', (command, connection) => connection.error(command, 'upload.too_large'))
  await t.rejects(client.upload(FILE, options), { name: 'RemoteError', code: 'upload.too_large' })
  t.same(uploads.requests, [])
})

t.test('a refusal that is no problem document keeps its status', async t => {
  const { client, uploads } = await withUploads(t)
  uploads.faults.push((_, response) => void response.writeHead(403).end('<h1>proxy says no</h1>'))
  await t.rejects(client.upload(FILE, options), { name: 'RemoteError', code: 'http.403', message: /status 403/ })
})

t.test('an answer without a usable offset is an error, not a loop', async t => {
  for (const offset of ['', 'x', '0', '999999']) {
    const { client, uploads } = await withUploads(t)
    uploads.faults.push((request, response) => {
      request.resume()
      response.writeHead(204, { 'Upload-Offset': offset }).end()
    })
    await t.rejects(client.upload(FILE, options), { name: 'ClientError', message: /Upload-Offset/ })
  }
})

t.test('an upload the server dropped half-way is a RemoteError', async t => {
  const { client, uploads } = await withUploads(t)
  uploads.faults.push((_, response) => {
    uploads.complete = true
    response.destroy()
  })
  await t.rejects(client.upload(FILE, options), { name: 'RemoteError', code: 'upload.not_found' })
})

t.test('the bytes go nowhere but to the server connected to', async t => {
  const { server, client } = await withUploads(t)
  server.on('video.create', () => ({
    upload: { ...COMMANDS['video.create'].example.result.upload, url: '//elsewhere.example/v1/uploads/1' },
  }))
  await t.rejects(client.upload(FILE, options), { name: 'ClientError', message: /no path of its own/ })
})

t.test('an abort stops the upload with its reason', async t => {
  const { client, uploads } = await withUploads(t)
  const controller = new AbortController()
  const reason = new Error('cancelled by the user')
  uploads.faults.push(undefined, () => controller.abort(reason))
  await t.rejects(client.upload(FILE, { ...options, signal: controller.signal }), reason)
  t.same(uploads.requests, ['PATCH 0', 'PATCH 300'])
})
