import { stdout } from 'node:process'
import { createVideos } from '@cuewire/server/domain/library/videos.js'
import { mediaBytes, openLibrary, pieces } from './library.js'

// Removes a video or an upload, and stops for ever between its row and its files, having printed its id, for a test to
// kill this process: `node remove-until-killed.js FOLDER video|upload`.

const [dataDir = '', what] = process.argv.slice(2)

async function removeFiles(id: string): Promise<void> {
  stdout.write(`${id}\n`)
  // A timer keeps the process alive.
  await new Promise(resolve => setTimeout(resolve, 600_000))
}

const { store, blobs, stills, uploads } = await openLibrary(dataDir, () => ({ removeFiles }))
const { videoId } = await uploads.reserve({ filename: 'harbour.mp4', sizeBytes: 1000 })
const { signal } = new AbortController()
await uploads.append(videoId, 0, pieces(mediaBytes(what === 'video' ? 1000 : 600)), signal)
if (what === 'upload') await uploads.remove(videoId)
const video = await store.videos.get(videoId)
if (!video) throw new Error('there is no video')
await stills.picture({ blobs, video, at: 1 }, signal)
const videos = createVideos({
  ...{ store, blobs, removeFiles },
  processing: { stop: async () => undefined },
})
await videos.remove(videoId)
