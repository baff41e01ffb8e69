import { SingleBar } from 'cli-progress'
import { type Pack, packId } from '../models/pack.js'
import { PULL_STEPS, type PullOptions, type PullProgress, pullPacks } from '../models/pull/pull.js'

/** Installs a pack and shows how far it is. */
export async function pullPack(pack: Pack, options: PullOptions): Promise<void> {
  const report = process.stdout.isTTY ? barOf(pack) : lines
  try {
    await pullPacks([pack], { ...options, onProgress: report.progress })
  } finally {
    report.stop()
  }
}

interface Report {
  progress(progress: PullProgress): void
  stop(): void
}

/** A progress bar over the steps of one pack, and the bytes of its download where they are known. */
function barOf(pack: Pack): Report {
  const bar = new SingleBar({ format: `  {bar} ${packId(pack)} {megabytes} MB  {step}`, barsize: 24 })
  bar.start(PULL_STEPS.length - 1, 0, { step: '', megabytes: '' })
  return {
    progress: ({ step, bytes: { done, total } }) => {
      const share = step === 'download' && total > 0 ? done / total : 0
      const size = share > 0 ? `${megabytes(done)} of ${megabytes(total)}` : megabytes(total)
      bar.update(PULL_STEPS.indexOf(step) + share, { step, megabytes: size })
    },
    stop: () => bar.stop(),
  }
}

/** Without a terminal: one line per pack when it is installed. */
const lines: Report = {
  progress: ({ pack, step, bytes }) => {
    if (step === 'done') console.log(`  ${pack}  ${megabytes(bytes.total)} MB  ready`)
  },
  stop: () => undefined,
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
