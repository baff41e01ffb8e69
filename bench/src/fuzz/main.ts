import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readEnvironment } from '../lib/environment.js'
import { withServer } from '../lib/server-process.js'
import { report } from '../report.js'
import { fuzz } from './fuzz.js'
import { memoryGrowth } from './memory-growth.js'
import { reportText } from './report-text.js'

const SERVER = fileURLToPath(new URL('../../../server/bin/cuewire.js', import.meta.url))
const RESULTS = fileURLToPath(new URL('../../results', import.meta.url))

const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
  throw new RangeError('npm run fuzz -- [--inputs 1000000] [--seed 1]')
}
const environment = readEnvironment()
const stop = new AbortController()
process.once('SIGINT', () => stop.abort(new Error('stopped by SIGINT')))
const found = await withServer(
  {
    command: [SERVER, 'serve'],
    signal: stop.signal,
    // The limits on commands would answer most inputs before what is tested here.
    environment: { CUEWIRE_COMMANDS_PER_SECOND: '1000000000', CUEWIRE_COMMAND_BURST: '1000000000' },
  },
  ({ port, pid }) => fuzz({ port, pid, inputs, seed, signal: stop.signal, progress: text => console.error(text) }),
)
const memory = memoryGrowth(found.rssBytes)
const data = { ...found, memory }
console.log(await report({ scenario: 'fuzz', environment, folder: RESULTS }, { data, text: reportText(found, memory) }))
// At once: Node 20 can wait for ever, at full load, for the writes of sockets that were reset (node::CleanupHandles).
process.exit(found.faultCount > 0 || !memory.isFlat ? 1 : 0)
