import { chmod, stat } from 'node:fs/promises'
import { AppError } from '../../lib/app-error.js'
import { isRunnable } from './find-on-path.js'
import { type ProgramName, settingOf } from './program.js'

/** Path of the static build installed with the server. Makes it executable if necessary. */
export async function bundledProgram(name: ProgramName): Promise<string> {
  const path = await installedPath(name)
  if (!(await isRunnable(path))) await makeRunnable(name, path)
  return path
}

async function installedPath(name: ProgramName): Promise<string> {
  try {
    const installer = name === 'ffmpeg' ? import('@ffmpeg-installer/ffmpeg') : import('@ffprobe-installer/ffprobe')
    return (await installer).default.path
  } catch (cause) {
    throw new AppError('server.internal', `No ${name} for this platform is bundled; ${remedy(name)}.`, { cause })
  }
}

// The installer's package ships the program without its execute bit and sets it in an install script, which npm may not
// run.
async function makeRunnable(name: ProgramName, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) {
    throw new AppError('server.internal', `The bundled ${name} is missing; run npm install, or ${remedy(name)}.`)
  }
  try {
    await chmod(path, (found.mode & 0o777) | 0o111)
  } catch (cause) {
    const why = `The bundled ${name} lacks its execute bit and its folder is read-only`
    throw new AppError('server.internal', `${why}; make it executable, or ${remedy(name)}.`, { cause })
  }
}

const remedy = (name: ProgramName) => `install ffmpeg, or set ${settingOf(name)} to a working ${name}`
