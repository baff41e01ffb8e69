import { access, chmod, constants, stat } from 'node:fs/promises'
import { AppError } from '../../lib/app-error.js'

/** The programs that read media. */
export interface Binaries {
  readonly ffmpeg: string
  readonly ffprobe: string
}

export interface BinaryPaths {
  /** @default the static build of @ffmpeg-installer/ffmpeg */
  readonly ffmpegPath?: string
  /** @default the static build of @ffprobe-installer/ffprobe */
  readonly ffprobePath?: string
}

/** Finds both programs and makes sure that they may be run; `server.internal` says what to install or set. */
export async function findBinaries(paths: BinaryPaths): Promise<Binaries> {
  const [ffmpeg, ffprobe] = await Promise.all([
    paths.ffmpegPath ?? installed('ffmpeg', () => import('@ffmpeg-installer/ffmpeg')),
    paths.ffprobePath ?? installed('ffprobe', () => import('@ffprobe-installer/ffprobe')),
  ])
  await Promise.all([makeRunnable('ffmpeg', ffmpeg), makeRunnable('ffprobe', ffprobe)])
  return { ffmpeg, ffprobe }
}

async function installed(name: string, load: () => Promise<{ default: { path: string } }>): Promise<string> {
  try {
    return (await load()).default.path
  } catch (cause) {
    throw new AppError('server.internal', `There is no ${name} for this platform; ${hint(name)}.`, { cause })
  }
}

// The installer's package carries the program without its execute bit and mends that in an install script,
// which npm does not run unless it is allowed to.
async function makeRunnable(name: string, path: string): Promise<void> {
  // A bare name is looked up on the PATH when it is started.
  if (!/[\\/]/.test(path)) return
  try {
    await access(path, constants.X_OK)
    return
  } catch (cause) {
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile()) throw new AppError('server.internal', `${name} is not there; ${hint(name)}.`, { cause })
    try {
      await chmod(path, (found.mode & 0o777) | 0o111)
    } catch (cause) {
      const why = `${name} lacks its execute bit and the folder is read-only`
      throw new AppError('server.internal', `${why}; make it executable, or ${hint(name)}.`, { cause })
    }
  }
}

const hint = (name: string) => `set ${name.toUpperCase()}_PATH to a working ${name}`
