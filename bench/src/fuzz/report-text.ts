import { megabytes } from '../lib/megabytes.js'
import { table } from '../lib/table.js'
import type { FuzzReport } from './fuzz.js'
import type { MemoryGrowth } from './memory-growth.js'

/** What a run found, for people. */
export function reportText(found: FuzzReport, memory: MemoryGrowth): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en')
  const numbers = table([
    ['fuzz', `seed ${found.seed}`],
    ['inputs', whole(found.inputs)],
    ['connections', whole(found.connections)],
    ['answers, each checked', whole(found.answers)],
    ['seconds', (found.durationMs / 1000).toFixed(1)],
    ["good client's slowest ping", `${found.slowestPingMs.toFixed(0)} ms`],
    ['server memory, second quarter', megabytes(memory.warmBytes)],
    ['server memory, last quarter', megabytes(memory.endBytes)],
    ['server memory, most', megabytes(memory.peakBytes)],
    ['memory flat', `${memory.isFlat ? 'yes' : 'NO'} (within ${megabytes(memory.allowedBytes)})`],
    ['faults', whole(found.faultCount)],
  ])
  const kinds = table([['kind', 'inputs'], ...Object.entries(found.kinds).map(([kind, count]) => [kind, whole(count)])])
  return [numbers, kinds, ...found.faults].join('\n\n')
}
