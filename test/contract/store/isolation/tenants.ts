import { KIND_NAMES } from '@cuewire/protocol'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { aChapter, aFrame, aJob, aMessage, aSegment, at, aVideo, newId } from '../../../support/entities.js'

export const TENANTS = ['acme', 'globex'] as const
export type Tenant = (typeof TENANTS)[number]

export const OWNER = 'worker'
export const LEASE_MS = 1000
export const KEEP = { count: 3, bytes: 10_000 }

/** What a tenant is told by: a number and its name, in fields that are neither keys nor searched. */
export const MARK: Readonly<Record<Tenant, number>> = { acme: 0.25, globex: 0.5 }

/** Ids of one of everything. */
export type Ids = ReturnType<typeof newIds>

function newIds(key: string) {
  return {
    /** Ready, with content and a draft of its objects. */
    video: newId(),
    job: newId(),
    draftJob: newId(),
    /** Queued. */
    waiting: newId(),
    waitingJob: newId(),
    /** Claimed by the owner. */
    running: newId(),
    runningJob: newId(),
    /** Queued without a job. */
    orphan: newId(),
    /** Only its files are left. */
    removed: newId(),
    upload: newId(),
    chat: newId(),
    message: newId(),
    answer: newId(),
    /** Nothing has this id yet. */
    fresh: newId(),
    key,
  }
}

/** Ids that both tenants use. */
export const SAME = newIds('k')
/** Ids that only this tenant uses. */
export const OWN: Readonly<Record<Tenant, Ids>> = { acme: newIds('k of acme'), globex: newIds('k of globex') }

/** Gives each of the tenants the same things under `SAME`, and once more under ids of its own. */
export async function seed(server: ServerStore, tenants: readonly Tenant[]): Promise<void> {
  const sets = tenants.flatMap(tenant => [SAME, OWN[tenant]].map(ids => ({ tenant, ids })))
  // First those that run, so that each claim has one job to take.
  for (const { tenant, ids } of sets) await seedRunning(server, tenant, ids)
  for (const { tenant, ids } of sets) await seedRest(server, tenant, ids)
}

async function seedRunning(server: ServerStore, tenant: Tenant, ids: Ids): Promise<void> {
  const { videos, jobs } = server.for(tenant)
  await videos.insert(aVideo({ id: ids.running, filename: tenant }), undefined)
  await jobs.insert(aJob(ids.running, { id: ids.runningJob, speed: MARK[tenant] }))
  await server.queue.claim({ owner: OWNER, leaseMs: LEASE_MS, maxCrashes: 3, maxDeaths: 25, alone: true, except: [] })
}

async function seedRest(server: ServerStore, tenant: Tenant, ids: Ids): Promise<void> {
  const { videos, jobs, uploads, chats, outcomes } = server.for(tenant)
  const ofTenant = { filename: tenant }
  await videos.insert(aVideo({ ...ofTenant, id: ids.video, state: 'ready' }), { format: 'vtt', text: tenant })
  await jobs.insert(aJob(ids.video, { id: ids.job, state: 'completed', speed: MARK[tenant] }))
  await seedContent(server, tenant, ids)

  await videos.insert(aVideo({ ...ofTenant, id: ids.waiting }), undefined)
  await jobs.insert(aJob(ids.waiting, { id: ids.waitingJob, speed: MARK[tenant] }))
  await jobs.saveCheckpoint(ids.waitingJob, 'shots', { tenant })

  for (const id of [ids.orphan, ids.removed]) await videos.insert(aVideo({ ...ofTenant, id }), undefined)
  await videos.remove(ids.removed)
  await uploads.insert(anUpload(tenant, ids.upload))

  const times = { createdAt: at(0), updatedAt: at(0) }
  await chats.insert({ id: ids.chat, title: 'Boats', videoIds: [ids.video], createdBy: tenant, ...times })
  await chats.addMessages([
    aMessage(ids.chat, { id: ids.message, text: tenant }),
    aMessage(ids.chat, { id: ids.answer, text: tenant, role: 'assistant', state: 'answering' }),
  ])
  await outcomes.put(anOutcome(tenant, ids.key), KEEP)
}

async function seedContent(server: ServerStore, tenant: Tenant, { video, job, draftJob }: Ids): Promise<void> {
  const { content, vectors } = server.for(tenant)
  for (const stage of KIND_NAMES) await content.begin(video, stage, job)
  await content.add(video, 'shots', job, [aShot(tenant)])
  await content.add(video, 'detections', job, [aFrameOf(tenant, 1)])
  await content.replace(video, 'objects', job, [aLabel(tenant)])
  await content.add(video, 'transcript', job, [aSentence(tenant)])
  await content.add(video, 'chapters', job, [aChapterOf(tenant)])
  for (const stage of KIND_NAMES) await content.complete(video, stage, job)
  await vectors.begin(video, 'sentence-vectors', job)
  await vectors.add(video, 'sentence-vectors', job, SPACE, [aSpanVector(tenant, 0), aSpanVector(tenant, 1)])
  await vectors.complete(video, 'sentence-vectors', job)
  await vectors.begin(video, 'sentence-vectors', draftJob)
  await vectors.add(video, 'sentence-vectors', draftJob, SPACE, [aSpanVector(tenant, 2)])
  await content.begin(video, 'detections', draftJob)
  await content.add(video, 'detections', draftJob, [aFrameOf(tenant, 2)])
}

export const SPACE = 'space@1'

export const aSpanVector = (tenant: Tenant, position: number) => ({
  ...{ position, start: position, end: position + MARK[tenant] },
  vector: Float32Array.of(0.8, 0.6, 0, 0, position, 0, 0, 0),
})

export const anUpload = (tenant: Tenant, videoId: string) => ({
  videoId,
  filename: tenant,
  title: 'Gulls',
  sizeBytes: 100 * MARK[tenant],
  subtitles: undefined,
  metadata: undefined,
  traceparent: undefined,
  createdAt: at(0),
  expiresAt: at(60),
})

export const aShot = (tenant: Tenant, index = 0) =>
  ({ index, start: index, end: index + MARK[tenant], transition: 'cut' }) as const

export const aSentence = (tenant: Tenant, index = 0) => ({
  ...aSegment(index, 'Gulls cry.'),
  speaker: 'Tom',
  confidence: MARK[tenant],
})

export const aChapterOf = (tenant: Tenant, index = 0) => aChapter(index, 'Gulls', { end: 20 + MARK[tenant] })

export const aLabel = (tenant: Tenant) => ({
  label: 'gull',
  frames: 1,
  maxCount: 1,
  confidence: MARK[tenant],
  band: 'high' as const,
  spans: [{ start: 0, end: 1 }],
})

export function aFrameOf(tenant: Tenant, second: number) {
  const frame = aFrame(second, 'gull')
  return { ...frame, objects: frame.objects.map(object => ({ ...object, confidence: MARK[tenant] })) }
}

export const anOutcome = (tenant: Tenant, key: string) => ({
  subject: 'ada',
  key,
  fingerprint: 'hash',
  outcome: { result: tenant },
  createdAtMs: 1000,
})
