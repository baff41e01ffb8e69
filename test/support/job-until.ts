/**
 * A process of its own that works on one video and stops for ever once a job has been put in a state, before anybody can
 * do more about it: `node job-until.js FOLDER FILE STATE`. It then prints the job's id, for a test to kill it.
 */
import { modelsOf } from './models-of.js'
import { openBench } from './processing.js'

const [dir = '', file = '', until = ''] = process.argv.slice(2)

const bench = await openBench({ dir, models: modelsOf() })
const { setState } = bench.store.jobs
bench.store.jobs.setState = async (id, state, change) => {
  const changed = await setState(id, state, change)
  if (state === until) {
    process.stdout.write(`${id}\n`)
    await new Promise(resolve => setTimeout(resolve, 600_000))
  }
  return changed
}
const { id } = await bench.processing.enqueue((await bench.add(file)).id)
if (until === 'cancelled') await bench.processing.cancel(id)
bench.processing.start()
