/**
 * A process of its own that works on one video, for tests that kill it: `node process-video.js FOLDER FILE MODELS`.
 * It puts the file into the library unless that has a video already, runs the job there is, and writes a line for every
 * inference and event; the last line is `ended` with the job as JSON.
 */
import { createModels } from '@cuewire/server/models/create-models.js'
import { countingModels } from './counting-models.js'
import { openBench } from './processing.js'

const [dir = '', file = '', modelsDir = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const models = countingModels(createModels({ dir: modelsDir }), say)
const bench = await openBench({ dir, models, onEvent: ({ type }) => say(type) })
const [known] = (await bench.store.jobs.list({ limit: 1 })).items
const job = known ?? (await bench.processing.enqueue((await bench.add(file)).id))
bench.processing.start()
say(`ended ${JSON.stringify(await bench.ended(job.id))}`)
await bench.close()
await models.close()
