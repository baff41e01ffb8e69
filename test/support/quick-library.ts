import type { Test } from 'tap'
import { clipMaker } from './clips.js'
import { RawSocket } from './raw-socket.js'
import { mustReply } from './read-everything.js'
import { startServer } from './server.js'
import { testFolder } from './test-folder.js'

const TUS = { 'tus-resumable': '1.0.0' }

/** A server without models, so that its jobs are quick, and ways to add videos to it. */
export async function quickLibrary(t: Test) {
  const clips = await clipMaker(t)
  const { port } = await startServer(t, {
    CUEWIRE_MODELS_DIR: testFolder(t),
    CUEWIRE_DATA_DIR: clips.path('data'),
    CUEWIRE_OPEN_UPLOADS: '100000',
    CUEWIRE_LOG_LEVEL: 'silent',
  })
  const socket = await RawSocket.open(t, port)
  const idle = async (videoId: string) => {
    for (;;) {
      const { video } = (await mustReply(socket, 'video.get', { videoId })) as { video: { state: string } }
      if (video.state !== 'queued' && video.state !== 'processing') return video.state
    }
  }
  const send = async (path: string, bytes: Uint8Array) => {
    const headers = { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'PATCH', headers, body: new Blob([bytes]) })
    if (reply.status !== 204) throw new Error(`the upload was refused: ${reply.status} ${await reply.text()}`)
    return path.split('/').at(-1) ?? ''
  }
  const add = async (bytes: Uint8Array, params: object = {}) => {
    const data = { filename: 'clip.mp4', sizeBytes: bytes.length, ...params }
    const { upload } = (await mustReply(socket, 'video.create', data)) as { upload: { url: string } }
    const videoId = await send(upload.url, bytes)
    return { videoId, state: await idle(videoId) }
  }
  return { port, socket, clips, idle, send, add }
}
