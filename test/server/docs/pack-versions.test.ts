import { readFile } from 'node:fs/promises'
import { PACKS } from '@cuewire/server/models/registry.js'
import t from 'tap'

t.test('where documents name a model pack with its version, it is the one that is installed', async t => {
  for (const file of ['README.md', 'client-sdk/README.md', 'protocol/PROTOCOL.md']) {
    const text = await readFile(file, 'utf8')
    for (const { name, version } of PACKS) {
      const named = [...text.matchAll(new RegExp(`${name}@(\\d[\\d.]*\\d)`, 'g'))].map(([, found]) => found)
      t.strictSame([...new Set([version, ...named])], [version], `${name} in ${file}`)
    }
  }
})
