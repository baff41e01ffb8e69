import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { testFolder } from '../../support/test-folder.js'

const MAIN = resolve('server/dist/docs/main.js')

const check = (cwd: string) => spawnSync(process.execPath, [MAIN, '--check'], { cwd, encoding: 'utf8' })

t.test('PROTOCOL.md and README.md are as the tables and the settings are now', async t => {
  const { status, stderr } = check('.')
  t.equal(status, 0, stderr)
})

t.test('a document whose generated part differs is found stale', async t => {
  const folder = testFolder(t, { protocol: {} })
  for (const file of ['README.md', 'client-sdk/examples/ask.mjs']) cpSync(file, join(folder, file))
  const text = readFileSync('protocol/PROTOCOL.md', 'utf8')
  writeFileSync(join(folder, 'protocol/PROTOCOL.md'), text.replace('#### `video.list`', '#### `video.listing`'))
  const { status, stderr } = check(folder)
  t.equal(status, 1)
  t.match(stderr, 'protocol/PROTOCOL.md: the reference part is stale')
  t.notMatch(stderr, 'README.md')
})
