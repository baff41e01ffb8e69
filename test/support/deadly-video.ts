/**
 * A process of its own whose object model kills it, as native code does that fails: `node deadly-video.js FOLDER FILE`. It
 * puts the file into the library unless that has a video already, runs the job there is, and prints the job when it ends.
 */
import { modelsOf } from './models-of.js'
import { openBench } from './processing.js'

const [dir = '', file = ''] = process.argv.slice(2)
const models = modelsOf({
  objects: async () => ({
    pack: 'deadly@1',
    parallel: 1,
    reliableFrom: {},
    input: { width: 64, height: 64 },
    frameSize: () => ({ width: 64, height: 36 }),
    detect: async () => {
      process.abort()
    },
  }),
})
const bench = await openBench({ dir, models })
const [known] = (await bench.store.jobs.list({ limit: 1 })).items
const job = known ?? (await bench.processing.enqueue((await bench.add(file)).id))
bench.processing.start()
process.stdout.write(JSON.stringify(await bench.ended(job.id)))
await bench.close()
