import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROCESS_ID } from '@cuewire/server/lib/process-id.js'
import { FolderStillCache } from '@cuewire/server/storage/folder/still-cache.js'
import t from 'tap'
import { testFolder } from '../support/test-folder.js'
import { stillCacheContract } from './still-cache.js'

stillCacheContract('folder', t => {
  const folder = join(testFolder(t), 'stills')
  return maxBytes => new FolderStillCache(folder, maxBytes)
})

t.test('folder: what a process left half written is removed once that process is dead', async t => {
  const folder = join(testFolder(t), 'stills')
  await mkdir(folder)
  const partOf = (processId: string) => `acme.x.1.jpg.1.${processId}.part`
  const dead = `${2 ** 22 + 1}.0a1b`
  for (const processId of [dead, PROCESS_ID]) await writeFile(join(folder, partOf(processId)), 'half')
  await new FolderStillCache(folder, 1000).open()
  t.strictSame(await readdir(folder), [partOf(PROCESS_ID)], 'another gateway may be writing that one')
})
