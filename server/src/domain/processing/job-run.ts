import { type Job, LIMITS, MAX_WARNINGS, type StageName, type StageProgress, type StageStatus } from '@cuewire/protocol'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Bus } from '../../bus/bus.js'
import type { AppError } from '../../lib/app-error.js'
import { assert } from '../../lib/assert.js'
import type { Clock } from '../../lib/clock.js'
import { toText } from '../../lib/text.js'
import type { Store } from '../../storage/store.js'
import { jobEvents, publishOfJob } from './job-events.js'
import { jobIds, logStage } from './job-log.js'
import type { Log } from './log.js'
import { jobProgress, withSpeed } from './progress.js'

/** A report that comes sooner after the last one is left out. */
const REPORT_INTERVAL_MS = 50
/** Interval between progress events of a stage. */
const EVENT_INTERVAL_MS = 250
/** Interval between writes of a running stage's progress. */
const WRITE_INTERVAL_MS = 1000

const Checkpoint = Type.Object({ counts: Type.Record(Type.String(), Type.Number()), state: Type.Unknown() })

interface Timing {
  readonly startedAt: number
  /** Run time of earlier attempts. */
  readonly elapsedMs: number
  /** Progress at which this attempt began, in the unit of the stage. */
  begun: number | undefined
  reportedAt: number
  eventAt: number
  writtenAt: number
}

interface JobRunPorts {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly logger: Log
}

/** The state of a running job's stages. Every change is stored and announced. */
export class JobRun {
  readonly #stages: Map<StageName, StageStatus>
  readonly #timings = new Map<StageName, Timing>()
  /** Checkpoints of earlier attempts. */
  readonly #saved = new Map<StageName, unknown>()
  readonly #startedAt: number
  #writes: Promise<void> = Promise.resolve()

  constructor(
    readonly job: Job,
    private readonly ports: JobRunPorts,
  ) {
    this.#stages = new Map(job.stages.map(stage => [stage.name, stage]))
    this.#startedAt = ports.clock.elapsed()
  }

  /** How long this attempt has run. */
  get elapsedMs(): number {
    return Math.round(this.ports.clock.elapsed() - this.#startedAt)
  }

  /** Run time of a stage in this attempt; its status has the total of all attempts. */
  stageMs(name: StageName): number | undefined {
    const timing = this.#timings.get(name)
    return timing && Math.round(this.ports.clock.elapsed() - timing.startedAt)
  }

  has(name: StageName): boolean {
    return this.#stages.has(name)
  }

  status(name: StageName): StageStatus {
    const status = this.#stages.get(name)
    assert(status, `the job has no stage ${name}`)
    return status
  }

  async begin(name: StageName): Promise<void> {
    const { elapsedMs = 0 } = this.status(name)
    const counts = await this.#recall(name)
    const now = this.ports.clock.elapsed()
    this.#timings.set(name, {
      startedAt: now,
      elapsedMs,
      begun: undefined,
      reportedAt: Number.NEGATIVE_INFINITY,
      eventAt: Number.NEGATIVE_INFINITY,
      writtenAt: now,
    })
    await this.#replace({ name, state: 'running', elapsedMs, ...(counts && { counts }) })
  }

  /** Ends a stage, or resets it to `pending`. Its progress, counters and run time are kept. */
  async end(
    name: StageName,
    change: Pick<StageStatus, 'state' | 'code' | 'reason' | 'command' | 'model' | 'paramsHash'>,
  ): Promise<void> {
    const { progress, counts, warnings } = this.status(name)
    const whole = progress && change.state === 'completed' ? { ...progress, done: progress.total, etaMs: 0 } : progress
    const timing = this.#timings.get(name)
    await this.#replace({
      name,
      ...change,
      ...(whole && { progress: whole }),
      ...(counts && { counts }),
      ...(warnings && { warnings }),
      ...(timing && { elapsedMs: this.#elapsed(timing) }),
    })
    if (change.state !== 'failed')
      logStage(this.ports.logger, this.job, { ...this.status(name), elapsedMs: this.stageMs(name) })
  }

  report(name: StageName, report: Pick<StageProgress, 'done' | 'total' | 'unit'>): void {
    const timing = this.#timings.get(name)
    assert(timing, `stage ${name} reports before it began`)
    const now = this.ports.clock.elapsed()
    if (now - timing.reportedAt < REPORT_INTERVAL_MS) return
    timing.reportedAt = now
    timing.begun ??= report.done
    const former = this.status(name).progress?.done ?? 0
    const progress = withSpeed({ ...report, done: Math.max(former, report.done) }, timing.begun, now - timing.startedAt)
    this.#stages.set(name, { ...this.status(name), progress, elapsedMs: this.#elapsed(timing) })
    if (now - timing.eventAt >= EVENT_INTERVAL_MS) {
      timing.eventAt = now
      this.#announceProgress(name, progress)
    }
    if (now - timing.writtenAt >= WRITE_INTERVAL_MS) {
      timing.writtenAt = now
      this.#writeLater(name)
    }
  }

  count(name: StageName, counter: string, more: number): void {
    const status = this.status(name)
    const counts = { ...status.counts, [counter]: (status.counts?.[counter] ?? 0) + more }
    this.#stages.set(name, { ...status, counts })
  }

  /** Adds a warning, to be stored and announced with the next change of state. */
  warn(name: StageName, { code, message }: AppError): void {
    const status = this.status(name)
    const former = status.warnings ?? []
    if (former.length === MAX_WARNINGS || former.some(warning => warning.message === message)) return
    this.#stages.set(name, {
      ...status,
      warnings: [...former, { code, message: toText(message, LIMITS.reasonLength) }],
    })
  }

  /** Counters are stored in the checkpoint, so that they always match the position to continue from. */
  async save(name: StageName, state: unknown, store = this.ports.store): Promise<void> {
    const counts = this.status(name).counts ?? {}
    await store.jobs.saveCheckpoint(this.job.id, name, { counts, state })
  }

  /**
   * The checkpoint of an earlier attempt. One with another shape is dropped with its counters, and the stage starts
   * over.
   */
  resume<S extends TSchema>(name: StageName, schema: S): Static<S> | undefined {
    const saved = this.#saved.get(name)
    if (saved === undefined || Value.Check(schema, saved)) return saved
    this.#warnOfCheckpoint(name)
    this.#saved.delete(name)
    const { counts: _, ...status } = this.status(name)
    this.#stages.set(name, status)
    return undefined
  }

  /** Waits for running writes. */
  async settled(): Promise<void> {
    await this.#writes
  }

  /** Loads the stage's last checkpoint and returns the counters that belong to it. */
  async #recall(name: StageName): Promise<StageStatus['counts']> {
    const saved = await this.ports.store.jobs.checkpoint(this.job.id, name)
    if (saved === undefined) return undefined
    if (!Value.Check(Checkpoint, saved)) {
      this.#warnOfCheckpoint(name)
      return undefined
    }
    this.#saved.set(name, saved.state)
    return saved.counts
  }

  #warnOfCheckpoint(stage: StageName): void {
    const message = 'a checkpoint has another shape, or comes from another model pack; the stage starts over'
    this.ports.logger.warn({ ...jobIds(this.job), stage }, message)
  }

  #elapsed(timing: Timing): number {
    return Math.round(timing.elapsedMs + this.ports.clock.elapsed() - timing.startedAt)
  }

  #announceProgress(stage: StageName, progress: StageProgress): void {
    const { id, videoId } = this.job
    const data = { jobId: id, videoId, stage, progress, jobProgress: jobProgress(this.#stages.values()) }
    publishOfJob(this.ports.bus, this.job, { type: 'processing.progress', data, key: stage })
  }

  async #replace(status: StageStatus): Promise<void> {
    this.#stages.set(status.name, status)
    await this.#writes
    if (status.progress) this.#announceProgress(status.name, status.progress)
    const { id, videoId, attempt } = this.job
    await this.ports.store.atomically(async ({ jobs, events }) => {
      await jobs.setStage(id, status, { progress: jobProgress(this.#stages.values()), attempt })
      await events.append(jobEvents(this.job, 'processing.stage', { jobId: id, videoId, stage: status }))
    })
  }

  /**
   * Progress is informational, so a failed write is only logged. If the store is broken, the next change of state fails
   * the job.
   */
  #writeLater(name: StageName): void {
    this.#writes = this.#writes.then(async () => {
      const progress = jobProgress(this.#stages.values())
      const { id, attempt } = this.job
      await this.ports.store.jobs.setStage(id, this.status(name), { progress, attempt }).catch((error: unknown) => {
        this.ports.logger.warn({ err: error, jobId: id, stage: name }, 'progress was not stored')
      })
    })
  }
}
