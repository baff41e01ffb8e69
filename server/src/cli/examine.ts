import { chosenPacks, speechService } from '../chosen-packs.js'
import type { Config } from '../config/schema.js'
import { errorMessage } from '../lib/error-message.js'
import { findBinaries } from '../media/ffmpeg/binaries.js'
import { diagnose } from '../models/doctor.js'
import { chooseTransport } from '../transport/choose-transport.js'
import { modelFault } from './model-fault.js'

/** Loads the transport, and runs ffmpeg and every installed model once. Sets the exit code to 1 if one does not work. */
export async function examine(settings: Config): Promise<void> {
  examineTransport(settings)
  await examineMedia(settings)
  await examineModels(settings)
}

function examineTransport({ transport: setting }: Config): void {
  try {
    const { transport, reason } = chooseTransport(setting)
    console.log(`works    transport ${transport.name}  ${reason}`)
  } catch (error) {
    console.log(`missing  transport uws  ${errorMessage(error)}`)
    process.exitCode = 1
  }
}

async function examineMedia({ ffmpegPath, ffprobePath }: Config): Promise<void> {
  try {
    const { programs } = await findBinaries({ ffmpegPath, ffprobePath, searchPath: process.env['PATH'] })
    for (const { name, path, version, why } of programs)
      console.log(`works    ${name} ${version.text}  ${path}, ${why}`)
  } catch (error) {
    console.log(`missing  ffmpeg  ${errorMessage(error)}`)
    process.exitCode = 1
  }
}

async function examineModels(settings: Config): Promise<void> {
  const transcription = speechService(settings)
  const { modelsDir: dir } = settings
  for (const found of await diagnose({ dir, chosen: chosenPacks(settings), transcription })) {
    if (found.state === 'works') {
      const { pack, provider, loadMs, runMs } = found
      const times = `loaded in ${loadMs.toFixed(0)} ms, ran in ${runMs.toFixed(0)} ms`
      console.log(`works    ${pack}  ${provider}, ${times}`)
    } else {
      const reason = found.state === 'fails' ? found.reason : modelFault(found)
      console.log(`${found.state}  ${found.pack}  ${reason}`)
      process.exitCode = 1
    }
  }
}
