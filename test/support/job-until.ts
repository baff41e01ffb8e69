/**
 * A process of its own that works on one video and stops for ever once a job has been put in a state, before anybody can
 * do more about it: `node job-until.js FOLDER FILE STATE`. It then prints the job's id, for a test to kill it.
 */
import type { Store } from '@cuewire/server/storage/store.js'
import { modelsOf } from './models-of.js'
import { openBench } from './processing.js'

const [dir = '', file = '', until = ''] = process.argv.slice(2)

const bench = await openBench({ dir, models: modelsOf() })
const { store } = bench
const { atomically } = store
let reached: string | undefined
/** Notes when a job is put in the state, and stops once that is kept. */
async function watched<T>(work: (changes: Store) => Promise<T>): Promise<T> {
  const result = await atomically(changes => {
    const setState: Store['jobs']['setState'] = (id, state, change) => {
      if (state === until) reached = id
      return changes.jobs.setState(id, state, change)
    }
    const noted: Store = { ...changes, jobs: { ...changes.jobs, setState }, atomically: inner => inner(noted) }
    return work(noted)
  })
  if (reached === undefined) return result
  process.stdout.write(`${reached}\n`)
  return await new Promise(resolve => setTimeout(resolve, 600_000, result))
}
Object.assign(store, { atomically: watched })
const { id } = await bench.processing.enqueue((await bench.add(file)).id)
if (until === 'cancelled') await bench.processing.cancel(id)
bench.processing.start()
