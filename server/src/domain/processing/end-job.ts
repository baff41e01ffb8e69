import type { Id, Job, StageStatus } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { Store } from '../../storage/store.js'
import { changeJob } from './change-job.js'
import { logEnd } from './job-log.js'
import type { Log } from './log.js'

interface EndOptions {
  readonly store: Store
  readonly logger: Log
  readonly at: string
}

interface JobToEnd {
  readonly id: Id
  readonly stages: readonly StageStatus[] | undefined
}

/** Ends a job from outside, with its running stages. Undefined if it has already ended. */
export async function endJob(
  { id, stages: known }: JobToEnd,
  how: Pick<StageStatus, 'code' | 'reason'> & { readonly state: 'failed' | 'cancelled' },
  { store, logger, at }: EndOptions,
): Promise<Job | undefined> {
  const { state, code, reason = '' } = how
  const stages = known?.map(stage => (stage.state === 'running' ? { ...stage, ...how } : stage))
  const error = code && errorShape(new AppError(code, reason))
  const change = { at, ...(stages && { stages }), error }
  const ended = await changeJob(store, ({ jobs }) => jobs.setState(id, state, change))
  if (ended) logEnd(logger, ended.job)
  return ended?.job
}
