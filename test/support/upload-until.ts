import { stdout } from 'node:process'
import type { Video } from '@cuewire/protocol'
import { mediaBytes, openLibrary } from './library.js'
import { UPLOAD_STEPS, type UploadStep } from './upload-steps.js'

// Uploads a file and stops for ever at the step named, having printed the video's id, for a test to kill this process.

const [dataDir = '', step] = process.argv.slice(2)

async function* drip(): AsyncGenerator<Uint8Array> {
  yield mediaBytes(1000).subarray(0, 600)
  await reach('append')
  yield mediaBytes(1000).subarray(600)
}

let videoId = ''
async function reach(here: UploadStep): Promise<void> {
  if (here !== step) return
  stdout.write(`${videoId}\n`)
  // A timer keeps the process alive.
  await new Promise(resolve => setTimeout(resolve, 600_000))
}

const { uploads } = await openLibrary(dataDir, ({ media, processing }, store) => ({
  media: {
    async probe(file, signal) {
      await reach('probe')
      return media.probe(file, signal)
    },
  },
  store: {
    ...store,
    atomically: work =>
      store.atomically(changes => {
        const complete = async (video: Video) => {
          await reach('complete')
          await changes.uploads.complete(video)
        }
        return work({ ...changes, uploads: { ...changes.uploads, complete } })
      }),
  },
  processing: {
    async enqueue(id, request) {
      await reach('enqueue')
      return processing.enqueue(id, request)
    },
  },
}))
if (!UPLOAD_STEPS.some(known => known === step)) throw new Error(`no such step: ${step}`)
videoId = (await uploads.reserve({ filename: 'harbour.mp4', sizeBytes: 1000 })).videoId
await uploads.append(videoId, 0, drip(), new AbortController().signal)
