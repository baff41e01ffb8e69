import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const PARTS = ['protocol', 'server']

/** A copy of the protocol and the server, to change their sources and to build and run them then. */
export async function copyOfHouse(t: Test) {
  const root = await mkdtemp(join(tmpdir(), 'cuewire-house-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  const path = (file: string) => join(root, file)
  await mkdir(path('node_modules/@cuewire'), { recursive: true })
  await cp('tsconfig.base.json', path('tsconfig.base.json'))
  for (const part of PARTS) {
    const filter = (file: string) => !file.includes('node_modules')
    await cp(part, path(part), { recursive: true, preserveTimestamps: true, filter })
    await symlink(path(part), path(`node_modules/@cuewire/${part}`))
  }
  for (const name of await readdir('node_modules'))
    if (name !== '@cuewire') await symlink(resolve('node_modules', name), path(`node_modules/${name}`))
  return {
    root,
    add: (file: string, from: string) => cp(from, path(file)),
    /** Changes a file by one replacement, which must apply. */
    edit: async (file: string, from: string, to: string) => {
      const text = await readFile(path(file), 'utf8')
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
      await writeFile(path(file), text.replace(from, to))
    },
    /** Builds it; throws with what the compiler says. */
    build: async () => {
      const tsc = resolve('node_modules/typescript/bin/tsc')
      await promisify(execFile)(process.execPath, [tsc, '-b', 'server'], { cwd: root }).catch(
        (error: { readonly stdout?: string }) => {
          throw new Error(`it does not build: ${error.stdout}`)
        },
      )
    },
  }
}
