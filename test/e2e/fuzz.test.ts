import { fuzz } from '@cuewire/bench/fuzz/fuzz.js'
import { memoryGrowth } from '@cuewire/bench/fuzz/memory-growth.js'
import t from 'tap'
import { onEachTransport } from '../support/on-each-transport.js'
import { spawnServer } from '../support/server-process.js'
import { testFolder } from '../support/test-folder.js'

const test = onEachTransport(t)

const INPUTS = 20_000
const SEED = 20261123

// After so many resets Node 20 may spin for ever in its own clean-up of handles; `exit` in `exit` leaves without it.
process.on('exit', () => process.exit())

test('20,000 hostile inputs leave the server well: each message answered once, no connection left', async t => {
  const { port, pid, terminate } = await spawnServer(t, testFolder(t), {
    CUEWIRE_COMMANDS_PER_SECOND: '1000000000',
    CUEWIRE_COMMAND_BURST: '1000000000',
    CUEWIRE_LOG_LEVEL: 'error',
  })
  const progress = (text: string) => t.comment(text)
  const found = await fuzz({ port, pid, inputs: INPUTS, seed: SEED, signal: new AbortController().signal, progress })
  t.same(found.faults, [])
  t.ok(found.inputs >= INPUTS)
  t.ok(found.answers > INPUTS / 2, `${found.answers} answers were checked`)
  t.ok(Object.keys(found.kinds).length > 25, 'every kind of input was sent')
  t.equal(await terminate(), 0, 'and it stops in order')
})

t.test('memory that grows over a run is told from memory that is warm', async t => {
  const megabytes = (...values: number[]) => values.map(value => value * 1024 ** 2)
  t.equal(memoryGrowth(megabytes(90, 150, 190, 195, 190, 200, 195, 192)).isFlat, true)
  t.equal(memoryGrowth(megabytes(90, 150, 190, 220, 250, 280, 310, 340)).isFlat, false)
})
