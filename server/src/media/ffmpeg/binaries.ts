import { AppError } from '../../lib/app-error.js'
import { errorMessage } from '../../lib/error-message.js'
import { SettingError } from '../../lib/setting-error.js'
import { bundledProgram } from './bundled-program.js'
import { findOnPath, isRunnable } from './find-on-path.js'
import { type Program, type ProgramName, readVersion, settingOf } from './program.js'
import { isNewer } from './program-version.js'

/**
 * The option that keeps ffmpeg from forcing a constant frame rate. ffmpeg 5.1 renamed it; 9 no longer knows the old
 * name.
 */
export type RateOption = '-vsync' | '-fps_mode'

/** The programs that read media. */
export interface Binaries {
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly rateOption: RateOption
  /** The same programs with their versions and why they were chosen, for people. */
  readonly programs: readonly [ffmpeg: Program, ffprobe: Program]
}

/** Paths of the programs; empty means not set. */
export interface BinaryPaths {
  /** @default the one on `searchPath` if recent, else the bundled one */
  readonly ffmpegPath?: string | undefined
  /** @default the one on `searchPath` if recent, else the bundled one */
  readonly ffprobePath?: string | undefined
  /**
   * Folders to search for both programs, in the format of PATH.
   * @default none: only the settings and the bundled programs are used
   */
  readonly searchPath?: string | undefined
}

/** The oldest release on the PATH that is preferred over the bundled programs. */
const OLDEST_ON_PATH = [4, 4, 1]
const FPS_MODE_SINCE = [5, 1]

/**
 * Chooses both programs and runs each to read its version: the configured one, otherwise the pair on the PATH if it is
 * recent, otherwise the bundled one. Throws `server.internal`, naming the setting, if a configured one does not work.
 */
export async function findBinaries(paths: BinaryPaths = {}): Promise<Binaries> {
  const { ffmpegPath, ffprobePath, searchPath = '' } = paths
  const pair: Pair = ffmpegPath && ffprobePath ? { why: '' } : await pairOnPath(searchPath)
  const choose = async (name: ProgramName, set: string | undefined): Promise<Program> => {
    if (set) return await programThatIsSet(name, set, searchPath)
    if (pair.programs) return pair.programs[name]
    const path = await bundledProgram(name)
    return { name, path, version: await readVersion(name, path), why: `bundled: ${pair.why}` }
  }
  const programs = await Promise.all([choose('ffmpeg', ffmpegPath), choose('ffprobe', ffprobePath)])
  const [ffmpeg, ffprobe] = programs
  const rateOption = isNewer(FPS_MODE_SINCE, ffmpeg.version.release) ? '-vsync' : '-fps_mode'
  return { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path, rateOption, programs }
}

/** Checks that both programs still exist. Resolves to their versions; throws if one is gone. */
export async function checkBinaries({ programs }: Binaries): Promise<string> {
  for (const { name, path } of programs) {
    if (await isRunnable(path)) continue
    const message = `${name} can no longer be run: install it again or set ${settingOf(name)}, and restart the server.`
    throw new AppError('server.internal', message, { cause: new Error(path) })
  }
  return programs.map(({ name, version }) => `${name} ${version.text}`).join(', ')
}

async function programThatIsSet(name: ProgramName, set: string, searchPath: string): Promise<Program> {
  const setting = settingOf(name)
  const remedy = `set it to a working ${name}, or remove it to use the one on the PATH or the bundled one`
  // Like a shell, look up a bare name on the PATH.
  const path = /[\\/]/.test(set) ? set : await findOnPath(set, searchPath)
  if (path === undefined || !(await isRunnable(path))) {
    throw notUsable(`${setting}=${set}: there is no such program; ${remedy}.`)
  }
  try {
    return { name, path, version: await readVersion(name, path), why: `${setting} is set` }
  } catch (cause) {
    throw notUsable(`${setting}=${set}: this is not a working ${name}; ${remedy}.`, cause)
  }
}

function notUsable(message: string, cause?: unknown): AppError {
  return new AppError('server.internal', message, { cause: new SettingError(message, { cause }) })
}

/** Both programs, or why they are not used. */
type Pair =
  | { readonly programs: Readonly<Record<ProgramName, Program>>; readonly why?: never }
  | { readonly programs?: never; readonly why: string }

async function pairOnPath(searchPath: string): Promise<Pair> {
  const limit = OLDEST_ON_PATH.join('.')
  try {
    const [ffmpeg, ffprobe] = await Promise.all([
      programOnPath('ffmpeg', searchPath),
      programOnPath('ffprobe', searchPath),
    ])
    if (!ffmpeg || !ffprobe) return { why: `the PATH has no ${ffmpeg ? 'ffprobe' : 'ffmpeg'}` }
    const old = [ffmpeg, ffprobe].find(({ version }) => isNewer(OLDEST_ON_PATH, version.release))
    if (old) return { why: `${old.name} on the PATH is ${old.version.text}, which is older than ${limit}` }
    if (familyOf(ffmpeg) !== familyOf(ffprobe)) {
      return {
        why: `ffmpeg ${ffmpeg.version.text} and ffprobe ${ffprobe.version.text} on the PATH are not of the same release`,
      }
    }
    return { programs: { ffmpeg, ffprobe } }
  } catch (error) {
    // Nobody asked for the program on the PATH, so a broken one is skipped and reported.
    return { why: `the one on the PATH does not work (${errorMessage(error)})` }
  }
}

async function programOnPath(name: ProgramName, searchPath: string): Promise<Program | undefined> {
  const path = await findOnPath(name, searchPath)
  if (path === undefined) return undefined
  const why = `found on the PATH, ${OLDEST_ON_PATH.join('.')} or later`
  return { name, path, version: await readVersion(name, path), why }
}

const familyOf = ({ version }: Program): string => version.release.slice(0, 2).join('.')
