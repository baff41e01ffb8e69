import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

/** Each part with the name of its package; the tests have none. */
const PARTS = { protocol: 'protocol', server: 'server', 'client-sdk': 'client', bench: 'bench', test: undefined }

/** A copy of the sources and what was built of them, to change, build and run them then. */
export async function copyOfHouse(t: Test) {
  const root = await mkdtemp(join(tmpdir(), 'cuewire-house-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  const path = (file: string) => join(root, file)
  await mkdir(path('node_modules/@cuewire'), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.base.json']) await cp(file, path(file))
  for (const [part, name] of Object.entries(PARTS)) {
    const filter = (file: string) => !/node_modules|[\\/]results$/.test(file)
    await cp(part, path(part), { recursive: true, preserveTimestamps: true, filter })
    if (name !== undefined) await symlink(path(part), path(`node_modules/@cuewire/${name}`))
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
      await promisify(execFile)(process.execPath, [tsc, '-b'], { cwd: root }).catch(
        (error: { readonly stdout?: string }) => {
          throw new Error(`it does not build: ${error.stdout}`)
        },
      )
    },
  }
}
