import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readEnvironment } from '../lib/environment.js'
import { table } from '../lib/table.js'
import { report } from '../report.js'
import type { Measured } from './measure.js'
import { MEASURES } from './measures.js'

const RESULTS = fileURLToPath(new URL('../../results', import.meta.url))
const USAGE = `npm run quality -- [measure...]
measures: ${Object.keys(MEASURES).join(' ')}`

function chosen(): readonly string[] {
  const { positionals } = parseArgs({ allowPositionals: true })
  const unknown = positionals.find(name => !(name in MEASURES))
  if (unknown !== undefined) throw new TypeError(`there is no measure ${unknown}`)
  return positionals.length > 0 ? positionals : Object.keys(MEASURES)
}

function rowsOf(name: string, measured: Measured): string[][] {
  if ('skipped' in measured) return [[name, '-', `skipped: ${measured.skipped}`]]
  return measured.rows.map(({ set, what, found, target = '-', baselines = '-' }) => [
    name,
    set,
    what,
    found,
    target,
    baselines,
  ])
}

async function main(): Promise<void> {
  const names = chosen()
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('stopped by SIGINT')))
  const found: Record<string, Measured> = {}
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (!names.includes(name)) continue
    const progress = (text: string) => console.error(`${name}: ${text}`)
    found[name] = await measure({ signal: stop.signal, progress })
  }
  const header = ['measure', 'set', 'what', 'found', 'target', 'baselines']
  const rows = Object.entries(found).flatMap(([name, measured]) => rowsOf(name, measured))
  const outcome = { data: { found }, text: table([header, ...rows]) }
  console.log(await report({ scenario: 'quality', environment: readEnvironment(), folder: RESULTS }, outcome))
}

main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? `${error.message}\n\n${USAGE}` : error)
  process.exitCode = 1
})
