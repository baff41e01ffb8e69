import { KIND_NAMES, type KindItem, type KindName } from '@cuewire/protocol'
import type { OfTenant } from '@cuewire/server/storage/of-tenant.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { aJob, aMessage, at, aVideo } from '../../../support/entities.js'
import type { FakeClock } from '../../../support/fake-clock.js'
import { claimAll } from './everything.js'
import {
  aChapterOf,
  aFrameOf,
  aLabel,
  anOutcome,
  anUpload,
  aSentence,
  aShot,
  aSpanVector,
  type Ids,
  KEEP,
  LEASE_MS,
  MARK,
  OWNER,
  SPACE,
  type Tenant,
} from './tenants.js'

/** A store, and the clock it runs on. */
export interface World {
  readonly server: ServerStore
  readonly clock: FakeClock
}

/** A tenant that does something to the ids given, which may be those of another. */
export interface Actor {
  readonly server: ServerStore
  readonly store: Store
  readonly tenant: Tenant
  readonly ids: Ids
}

const PAGE = { limit: 100 }
const NEAREST = { space: SPACE, vector: aSpanVector('acme', 0).vector }
const TERMS = ['gull', 'harbour']

export type Act = (actor: Actor) => Promise<unknown>

/** How each method is called that only looks things up for one tenant. */
export const READS: Readonly<Record<string, Act>> = {
  'videos.get': async ({ store, ids }) => store.videos.get(ids.video),
  'videos.has': ({ store, ids }) => store.videos.has(ids.video),
  'videos.list': ({ store }) => store.videos.list({ limit: 3 }),
  'videos.givenSubtitles': ({ store, ids }) => store.videos.givenSubtitles(ids.video),
  'uploads.get': ({ store, ids }) => store.uploads.get(ids.upload),
  'uploads.has': ({ store, ids }) => store.uploads.has(ids.upload),
  'uploads.totals': ({ store }) => store.uploads.totals(),
  'jobs.get': ({ store, ids }) => store.jobs.get(ids.waitingJob),
  'jobs.state': ({ store, ids }) => store.jobs.state(ids.waitingJob),
  'jobs.list': async ({ store, ids }) => [
    await store.jobs.list({ limit: 2 }),
    await store.jobs.list({ ...PAGE, videoId: ids.waiting }),
  ],
  'jobs.active': ({ store, ids }) => store.jobs.active(ids.waiting),
  'jobs.countQueued': ({ store }) => store.jobs.countQueued(),
  'jobs.checkpoint': ({ store, ids }) => store.jobs.checkpoint(ids.waitingJob, 'shots'),
  'content.list': async ({ store, ids }) => [
    ...(await Promise.all(KIND_NAMES.map(kind => store.content.list(ids.video, kind, PAGE)))),
    await store.content.list(ids.video, 'shots', { ...PAGE, start: 0, end: 1, after: 0 }),
    await store.content.list(ids.video, 'detections', { ...PAGE, labels: ['gull'] }),
    await store.content.list(ids.video, 'detections', { ...PAGE, draftOf: ids.draftJob }),
    await store.content.list(ids.video, 'objects', { ...PAGE, labels: ['gull'] }),
  ],
  'content.counts': ({ store, ids }) => store.content.counts(ids.video),
  'search.search': async ({ store, ids }) => [
    await store.search.search({ terms: ['cry'], limit: 1 }),
    (await store.search.search({ terms: TERMS, limit: 1000 })).length,
    (await store.search.search({ terms: TERMS, videoIds: [ids.video], limit: 1000 })).length,
    (await store.search.search({ terms: TERMS, modalities: ['title'], limit: 1000 })).length,
    await store.search.search({ terms: ['acme', 'globex', 'tenant'], limit: 10 }),
  ],
  'search.frequencies': async ({ store, ids }) => [
    await store.search.frequencies(TERMS),
    await store.search.frequencies(TERMS, [ids.video]),
  ],
  'vectors.nearest': async ({ store, ids }) => [
    await store.vectors.nearest({ ...NEAREST, limit: 3 }),
    await store.vectors.nearest({ ...NEAREST, videoIds: [ids.video], limit: 100 }),
  ],
  'vectors.count': ({ store, ids }) => store.vectors.count(ids.video),
  'chats.get': ({ store, ids }) => store.chats.get(ids.chat),
  'chats.has': ({ store, ids }) => store.chats.has(ids.chat),
  'chats.list': ({ store }) => store.chats.list({ limit: 1 }),
  'chats.messages': ({ store, ids }) => store.chats.messages(ids.chat, PAGE),
  'chats.latestMessages': ({ store, ids }) => store.chats.latestMessages(ids.chat, 1),
  'outcomes.get': ({ store, ids }) => store.outcomes.get('ada', ids.key),
  'jobs.isHeld': ({ store, ids }) => store.jobs.isHeld(ids.runningJob),
  'events.read': async ({ store }) => {
    const { position, missed } = await store.events.read('library', { since: 0, epoch: undefined })
    return { seq: position.seq, missed }
  },
}

/** How each method is called that changes something for one tenant. Calls of two tenants differ where they can. */
export const WRITES: Readonly<Record<string, Act>> = {
  'videos.insert': ({ store, tenant, ids }) =>
    store.videos.insert(aVideo({ id: ids.fresh, filename: tenant }), undefined),
  'videos.update': ({ store, tenant, ids }) => store.videos.update(ids.video, { title: `Quay ${tenant}` }),
  'videos.giveSubtitles': ({ store, tenant, ids }) =>
    store.videos.giveSubtitles(ids.video, { format: 'srt', text: `new of ${tenant}` }),
  'videos.remove': ({ store, ids }) => store.videos.remove(ids.video),
  'uploads.insert': ({ store, tenant, ids }) => store.uploads.insert(anUpload(tenant, ids.fresh)),
  'uploads.prolong': ({ store, tenant, ids }) => store.uploads.prolong(ids.upload, at(100 * MARK[tenant])),
  'uploads.hold': ({ store, ids }) => store.uploads.hold(ids.upload, LEASE_MS),
  'uploads.letGo': ({ store, ids }) => store.uploads.letGo(ids.upload),
  'uploads.remove': ({ store, ids }) => store.uploads.remove(ids.upload),
  'uploads.complete': ({ store, tenant, ids }) => store.uploads.complete(aVideo({ id: ids.upload, filename: tenant })),
  'jobs.insert': ({ store, tenant, ids }) =>
    store.jobs.insert(aJob(ids.orphan, { id: ids.fresh, speed: 2 * MARK[tenant] })),
  'jobs.setStage': ({ store, tenant, ids }) =>
    store.jobs.setStage(ids.waitingJob, { name: 'shots', state: 'running' }, { progress: MARK[tenant], attempt: 0 }),
  'jobs.setState': ({ store, tenant, ids }) =>
    store.jobs.setState(ids.runningJob, 'completed', { at: at(100), speed: 3 * MARK[tenant] }),
  'jobs.saveCheckpoint': ({ store, tenant, ids }) =>
    store.jobs.saveCheckpoint(ids.waitingJob, 'shots', { new: tenant }),
  'content.begin': ({ store, ids }) => store.content.begin(ids.video, 'detections', ids.fresh),
  'content.complete': ({ store, ids }) => store.content.complete(ids.video, 'detections', ids.draftJob),
  'content.add': async ({ store, tenant, ids }) => [
    await store.content.add(ids.video, 'detections', ids.draftJob, [aFrameOf(tenant, 3)]),
    await drafted(store, 'shots', ids, [aShot(tenant, 5)]),
    await drafted(store, 'transcript', ids, [aSentence(tenant, 5)]),
    await drafted(store, 'chapters', ids, [aChapterOf(tenant, 1)]),
  ],
  'content.replace': async ({ store, tenant, ids }) => {
    await store.content.begin(ids.video, 'objects', ids.draftJob)
    await store.content.replace(ids.video, 'objects', ids.draftJob, [aLabel(tenant)])
  },
  'content.renameSpeaker': async ({ store, tenant, ids }) => [
    await store.content.renameSpeaker(ids.video, { from: 'Tom', to: `Tom of ${tenant}` }),
    await store.content.list(ids.video, 'transcript', PAGE),
  ],
  'vectors.begin': ({ store, ids }) => store.vectors.begin(ids.video, 'sentence-vectors', ids.fresh),
  'vectors.add': ({ store, tenant, ids }) =>
    store.vectors.add(ids.video, 'sentence-vectors', ids.draftJob, SPACE, [aSpanVector(tenant, 3)]),
  'vectors.complete': ({ store, ids }) => store.vectors.complete(ids.video, 'sentence-vectors', ids.draftJob),
  'chats.insert': ({ store, tenant, ids }) =>
    store.chats.insert({
      ...{ id: ids.fresh, title: 'Quay', videoIds: [], createdBy: tenant },
      ...{ createdAt: at(0), updatedAt: at(0) },
    }),
  'chats.remove': ({ store, ids }) => store.chats.remove(ids.chat),
  'chats.addMessages': ({ store, tenant, ids }) =>
    store.chats.addMessages([
      aMessage(ids.chat, { id: ids.fresh, text: `new of ${tenant}`, createdAt: at(100 * MARK[tenant]) }),
    ]),
  'chats.updateMessage': ({ store, tenant, ids }) =>
    store.chats.updateMessage(aMessage(ids.chat, { id: ids.answer, text: `done by ${tenant}` })),
  'outcomes.put': async ({ store, tenant, ids }) => {
    await store.outcomes.put({ ...anOutcome(tenant, ids.key), outcome: { result: `new of ${tenant}` } }, KEEP)
    await store.outcomes.put(anOutcome(tenant, `${ids.key} again`), { ...KEEP, count: 2 })
  },
  // A lease of the same job would end with the one that the other tenant takes.
  'queue.renew': ({ server, tenant, ids }) =>
    server.queue.renew({ tenant, id: ids.runningJob }, OWNER, tenant === 'acme' ? 9 * LEASE_MS : 1),
  'queue.letGo': ({ server, tenant, ids }) => server.queue.letGo({ tenant, id: ids.runningJob }, OWNER),
  'events.append': ({ store, tenant, ids }) =>
    store.events.append([
      { topic: 'library', type: 'video.updated', data: { video: aVideo({ id: ids.video, title: tenant }) } },
    ]),
  atomically: ({ store, tenant, ids }) =>
    store.atomically(changes => changes.videos.update(ids.video, { title: `Quay ${tenant}` })),
  'upkeep.dropReplacedResults': ({ server }) => server.upkeep.dropReplacedResults(),
  'upkeep.filesRemoved': ({ server, tenant, ids }) => server.upkeep.filesRemoved({ tenant, videoId: ids.removed }),
}

/** What each method gives that acts for all tenants at once: things of tenants, or how many there were. */
export const OF_ALL: Readonly<Record<string, (world: World) => Promise<readonly OfTenant<object>[] | number>>> = {
  'queue.claim': ({ server }) => claimAll(server),
  'queue.abandoned': ({ server, clock }) => {
    clock.pass(LEASE_MS)
    return server.queue.abandoned({ maxCrashes: 3, maxDeaths: 1, except: [] })
  },
  'queue.crashed': async ({ server }) => {
    await server.queue.crashed(OWNER)
    return claimAll(server)
  },
  'queue.expireDead': async ({ server }) => {
    await server.queue.expireDead()
    return claimAll(server)
  },
  'queue.unattended': ({ server, clock }) => {
    clock.pass(LEASE_MS)
    return server.queue.unattended(0)
  },
  'upkeep.uploads': ({ server }) => server.upkeep.uploads(at(60)),
  'upkeep.videosWithoutJob': ({ server }) => server.upkeep.videosWithoutJob(),
  'upkeep.removals': ({ server }) => server.upkeep.removals(100),
  'upkeep.unfinishedAnswers': ({ server }) => server.upkeep.unfinishedAnswers(),
  'upkeep.expireOutcomes': ({ server }) => server.upkeep.expireOutcomes(1000, 100),
}

/** Adds to a draft that is opened first; resolves to all that readers see then. */
async function drafted<K extends KindName>(store: Store, kind: K, ids: Ids, items: readonly KindItem<K>[]) {
  await store.content.begin(ids.waiting, kind, ids.waitingJob)
  await store.content.add(ids.waiting, kind, ids.waitingJob, items)
  return await Promise.all(KIND_NAMES.map(name => store.content.list(ids.waiting, name, PAGE)))
}
