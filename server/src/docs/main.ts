import { readFileSync, writeFileSync } from 'node:fs'
import { reference } from '@cuewire/protocol'
import { configTable } from './config-table.js'
import { replacePart } from './replace-part.js'

/** Documents with a generated part; `--write` renews it, anything else fails when one is stale. */
const DOCUMENTS = [
  { file: 'protocol/PROTOCOL.md', part: 'reference', text: reference },
  { file: 'README.md', part: 'configuration', text: configTable },
  // A test runs this file, so that the README shows what works.
  { file: 'README.md', part: 'example', text: () => fenced(readFileSync('client-sdk/examples/ask.mjs', 'utf8')) },
] as const

function fenced(code: string): string {
  return `\`\`\`ts\n${code}\`\`\``
}

const write = process.argv.includes('--write')
for (const { file, part, text } of DOCUMENTS) {
  const present = readFileSync(file, 'utf8')
  const wanted = replacePart(present, part, text())
  if (wanted === present) continue
  if (write) {
    writeFileSync(file, wanted)
  } else {
    process.stderr.write(`${file}: the ${part} part is stale; renew it with: npm run docs\n`)
    process.exitCode = 1
  }
}
