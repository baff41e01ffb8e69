import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'

/** Every text of the project, by path. */
const texts = new Map(
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', '*.ts', '*.js', '*.json'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter(file => file !== 'package-lock.json' && !file.startsWith('test/'))
    .map(file => [file, readFileSync(file, 'utf8')] as const),
)

t.test('every npm script that a text names exists', async t => {
  const { scripts } = JSON.parse(texts.get('package.json') ?? '') as {
    readonly scripts: Readonly<Record<string, string>>
  }
  for (const [file, text] of texts) {
    for (const [, name = ''] of text.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g))
      t.ok(name in scripts, `${file}: npm run ${name}`)
  }
})

t.test('no text tells anyone to run npx cuewire, a name of the registry that is not ours', async t => {
  for (const [file, text] of texts) t.notMatch(text, /npx (--\S+ )*cuewire/, file)
})
