import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Writes shell scripts that stand for programs into a folder, which goes with the test; returns the folder. */
export async function scripts(t: Test, bodies: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-scripts-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (const [name, body] of Object.entries(bodies)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`)
    await chmod(join(folder, name), 0o755)
  }
  return folder
}
