import { KIND_NAMES, kindOf, type Video } from '@cuewire/protocol'
import { ignoreDamaged } from '../../../lib/ignore-damaged.js'
import type { Store } from '../../../storage/store.js'
import type { Gaps, SkippedStage } from '../abstention.js'

/** Videos whose jobs are checked. A library may have thousands, and stages are usually skipped in all or none. */
const MOST_VIDEOS = 100

/** The stages whose results can be found. Without another one no answer is missed. */
const SEARCHED: ReadonlySet<string> = new Set(
  KIND_NAMES.map(kindOf).flatMap(({ search, stage }) => (search === undefined ? [] : stage)),
)

/** What the latest job of each video skipped or did not finish. */
export async function gapsOf(store: Pick<Store, 'jobs'>, videos: readonly Video[]): Promise<Gaps> {
  const unfinished = new Set<Gaps['unfinished'][number]>()
  const skipped = new Map<string, SkippedStage>()
  for (const { jobId } of videos.slice(0, MOST_VIDEOS)) {
    const job = jobId === undefined ? undefined : await ignoreDamaged(() => store.jobs.get(jobId))
    if (!job) continue
    if (job.state !== 'completed') unfinished.add(job.state)
    for (const stage of job.stages)
      if (stage.state === 'skipped' && SEARCHED.has(stage.name))
        skipped.set(`${stage.name} ${stage.command ?? stage.reason}`, stage)
  }
  return { unfinished: [...unfinished], skipped: [...skipped.values()] }
}
