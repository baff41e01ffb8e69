import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Client, connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import { Dice } from '../fuzz/dice.js'
import { readEnvironment } from '../lib/environment.js'
import { megabytes } from '../lib/megabytes.js'
import { withServer } from '../lib/server-process.js'
import { table } from '../lib/table.js'
import { MemoryWatch, programsOf } from '../pipeline/process-tree.js'
import { report } from '../report.js'
import { damaged } from './damage.js'
import { makeOriginals } from './originals.js'

const SERVER = fileURLToPath(new URL('../../../server/bin/cuewire.js', import.meta.url))
const RESULTS = fileURLToPath(new URL('../../results', import.meta.url))
/** A job on three seconds of video that takes longer hangs. */
const LIMIT_MS = 120_000
/** Codes that blame the server, not the file. */
const FAULTS: ReadonlySet<string> = new Set(['server.internal', 'job.crashed', 'no cause', 'time limit'])

const { values } = parseArgs({
  options: { files: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
})
const [files, seed] = [Number(values.files), Number(values.seed)]
if (!Number.isSafeInteger(files) || files < 1 || !Number.isSafeInteger(seed))
  throw new RangeError('npm run damaged-media -- [--files 200] [--seed 1]')

interface Ending {
  readonly file: string
  readonly how: string
  /** `completed`, or the code of the error by which the upload or the job ended. */
  readonly end: string
}

const environment = readEnvironment()
const stop = new AbortController()
process.once('SIGINT', () => stop.abort(new Error('stopped by SIGINT')))
const folder = await mkdtemp(join(tmpdir(), 'cuewire-damaged-'))
try {
  const found = await withServer({ command: [SERVER, 'serve'], signal: stop.signal }, async ({ port, pid }) => {
    const originals = await makeOriginals(folder, stop.signal)
    const client = await connect(`ws://127.0.0.1:${port}`)
    const memory = new MemoryWatch(pid)
    try {
      const endings: Ending[] = []
      const dice = new Dice(seed)
      for (let at = 0; at < files; at += 1) {
        const original = dice.pick(originals)
        const { bytes, how } = damaged(await readFile(original), dice)
        await mkdir(join(folder, String(at)))
        const file = join(folder, String(at), basename(original))
        await writeFile(file, bytes)
        const ending = { file: basename(original), how, end: await endOf(client, file) }
        endings.push(ending)
        console.error(`${at + 1} of ${files}: ${ending.file}, ${how}: ${ending.end}`)
      }
      await client.video.list({ limit: 1 })
      const left = programsOf(pid).filter(program => /^ff(mpeg|probe)/.test(program))
      return { endings, left, peakBytes: memory.stop() }
    } finally {
      memory.stop()
      await client.close()
    }
  })
  const faults = found.endings.filter(({ end }) => FAULTS.has(end))
  const data = { files, seed, ...found, faults }
  console.log(await report({ scenario: 'damaged-media', environment, folder: RESULTS }, { data, text: text(found) }))
  process.exitCode = faults.length > 0 || found.left.length > 0 ? 1 : 0
} finally {
  await rm(folder, { recursive: true })
}

/** Uploads a file and follows its job; how that ended. */
async function endOf(client: Client, file: string): Promise<string> {
  const late = AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT_MS)])
  try {
    const video = await uploadFile(client, file)
    const events = client.subscribe(`video/${video.id}`, { since: 0 })
    late.addEventListener('abort', () => events.close(), { once: true })
    for await (const event of events) {
      if (event.type === 'processing.completed') return 'completed'
      if (event.type === 'processing.failed') return event.data.job.error?.code ?? 'no cause'
    }
    return 'time limit'
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}

function text({
  endings,
  left,
  peakBytes,
}: {
  endings: readonly Ending[]
  left: readonly string[]
  peakBytes: number
}) {
  const counts = new Map<string, number>()
  for (const { end } of endings) counts.set(end, (counts.get(end) ?? 0) + 1)
  return table([
    ['how it ended', 'files'],
    ...[...counts].sort((a, b) => b[1] - a[1]).map(([end, count]) => [end, String(count)]),
    ['ffmpeg processes left', String(left.length)],
    ['memory of all processes, at most', megabytes(peakBytes)],
  ])
}
