import { readFile } from 'node:fs/promises'
import t from 'tap'
import { Upload } from 'tus-js-client'
import { RawSocket } from '../support/raw-socket.js'
import { startServer } from '../support/server.js'
import { sharedMedia } from '../support/shared-media.js'

const { skip, paths } = sharedMedia('derived_four-scenes.mp4')

t.test('a stock tus client uploads in pieces, breaks off, and resumes', { skip }, async t => {
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: t.testdir({}) })
  const file = await readFile(paths[0] ?? '')
  const options = {
    endpoint: `http://127.0.0.1:${port}/v1/uploads`,
    chunkSize: 64 * 1024,
    metadata: { filename: 'four.mp4', title: 'Four scenes' },
  }

  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(file, {
      ...options,
      onError: reject,
      onChunkComplete: (_size, accepted) => {
        if (accepted >= 128 * 1024) upload.abort().then(() => resolve(upload.url ?? ''), reject)
      },
    })
    upload.start()
  })

  const socket = await RawSocket.open(t, port)
  t.match(await socket.command('video.list'), { data: { videos: [] } }, 'half an upload is no video')

  const resumedFrom = await new Promise<number>((resolve, reject) => {
    let first: number | undefined
    const upload = new Upload(file, {
      ...options,
      uploadUrl: url,
      onError: reject,
      onProgress: sent => {
        first ??= sent
      },
      onSuccess: () => resolve(first ?? 0),
    })
    upload.start()
  })
  t.ok(resumedFrom >= 128 * 1024, 'bytes that were there were not sent again')
  t.match(await socket.command('video.list'), { data: { videos: [{ title: 'Four scenes', sizeBytes: file.length }] } })
})
