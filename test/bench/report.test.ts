import { readFileSync } from 'node:fs'
import { percentiles, repeated } from '@cuewire/bench/lib/statistics.js'
import { table } from '@cuewire/bench/lib/table.js'
import type { Throughput } from '@cuewire/bench/lib/throughput.js'
import type { PeerName } from '@cuewire/bench/peers/peers.js'
import { report } from '@cuewire/bench/report.js'
import { type Measurement, summarize, summaryText } from '@cuewire/bench/scenarios/dispatch-summary.js'
import fc from 'fast-check'
import t from 'tap'
import { testFolder } from '../support/test-folder.js'

t.test('percentiles are those of the nearest rank', async t => {
  const samples = Array.from({ length: 1000 }, (_, index) => 1000 - index)
  t.same(percentiles(samples), { samples: 1000, p50: 500, p90: 900, p99: 990, p999: 999, max: 1000 })
  t.same(percentiles([7]), { samples: 1, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 })
  t.throws(() => percentiles([]), { name: 'RangeError', message: 'no samples' })
})

t.test('a percentile is a sample that at least its share of the samples does not exceed', async () => {
  const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(samples, values => {
      const found = percentiles(values)
      const shares = [
        [0.5, found.p50],
        [0.9, found.p90],
        [0.99, found.p99],
        [0.999, found.p999],
        [1, found.max],
      ] as const
      return shares.every(([share, value]) => {
        const within = values.filter(other => other <= value).length
        const below = values.filter(other => other < value).length
        return values.includes(value) && within >= share * values.length && below < share * values.length
      })
    }),
  )
})

t.test('repetitions have a median and ends', async t => {
  t.same(repeated([5, 1, 9]), { median: 5, min: 1, max: 9 })
  t.same(repeated([4, 1, 2, 8]), { median: 3, min: 1, max: 8 })
})

t.test('columns of a table are as wide as their widest cell', async t => {
  const rows = [
    ['server', 'a second'],
    ['ws', '1,000'],
  ]
  t.equal(table(rows), 'server  a second\nws         1,000')
})

const LATENCY = percentiles([10, 20, 30])
const measured = (
  round: number,
  peer: PeerName,
  rates: Omit<Throughput, 'commands' | 'generatorCpuShare'>,
): Measurement => ({
  round,
  peer,
  throughput: { commands: 1000, generatorCpuShare: 0.2, ...rates },
  oneByOne: LATENCY,
  paced: LATENCY,
})

t.test('Cuewire is compared with others within each round', async t => {
  const { comparisons } = summarize([
    measured(1, 'uws-json-ajv', { perSecond: 100, serverCpuMicros: 2 }),
    measured(1, 'cuewire', { perSecond: 90, serverCpuMicros: 2.5 }),
    measured(2, 'uws-json-ajv', { perSecond: 10, serverCpuMicros: 2 }),
    measured(2, 'cuewire', { perSecond: 8, serverCpuMicros: 4 }),
  ])
  t.same(comparisons, [
    {
      ours: 'cuewire',
      theirs: 'uws-json-ajv',
      target: 0.85,
      perSecond: { median: 0.8500000000000001, min: 0.8, max: 0.9 },
      perCpu: { median: 0.65, min: 0.5, max: 0.8 },
    },
  ])
})

t.test('a CPU time that was not known in every round is left out', async t => {
  const summary = summarize([
    measured(1, 'cuewire', { perSecond: 90, serverCpuMicros: 2.5, serverCpuShare: 0.9 }),
    measured(2, 'cuewire', { perSecond: 80 }),
  ])
  t.notOk(summary.peers.some(peer => 'serverCpuMicros' in peer || 'serverCpuShare' in peer))
  t.same(summary.comparisons, [])
  t.match(summaryText(summary), /^cuewire +85 +80\.\.90 +- +- +20%$/m)
})

t.test('a report is written with where it was measured, and named after when', async t => {
  const environment = {
    date: '2026-01-02T03:04:05.678Z',
    commit: 'abc',
    node: 'v20.20.2',
    system: 'linux x64',
    cpu: 'some CPU',
    cores: 2,
    memoryBytes: 1024,
  }
  const folder = testFolder(t)
  const text = await report({ scenario: 'dispatch', environment, folder }, { data: { found: 1 }, text: 'TABLE' })
  const file = `${folder}/dispatch-2026-01-02T030405Z.json`
  t.match(text, /^TABLE\n\nsome CPU, 2 cores/)
  t.ok(text.endsWith(file))
  t.same(JSON.parse(readFileSync(file, 'utf8')), { scenario: 'dispatch', environment, found: 1 })
})
