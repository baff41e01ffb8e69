import { allItems } from '@cuewire/server/domain/content/items.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { aSpanVector, type Ids, LEASE_MS, OWN, OWNER, SAME, SPACE, type Tenant } from './tenants.js'

const PAGE = { limit: 100 }
const NEAREST = { space: SPACE, vector: aSpanVector('acme', 0).vector, limit: 100 }

/** All that a tenant can read, and what is to be done for it, under every id there is. */
export async function everythingOf(server: ServerStore, tenant: Tenant): Promise<unknown> {
  const store = server.for(tenant)
  const { videos, uploads, jobs, chats, damaged } = store
  const { upkeep } = server
  return {
    videos: await videos.list(PAGE),
    uploads: await uploads.totals(),
    jobs: await jobs.list(PAGE),
    queued: await jobs.countQueued(),
    chats: await chats.list(PAGE),
    texts: await textsOf(store),
    damaged: { ...damaged },
    upkeep: {
      uploads: only(tenant, await upkeep.uploads()),
      withoutJob: only(tenant, await upkeep.videosWithoutJob()),
      removals: only(tenant, await upkeep.removals(100)),
    },
    byId: await Promise.all([SAME, OWN.acme, OWN.globex].map(ids => under(ids, store))),
  }
}

async function under(ids: Ids, { videos, uploads, jobs, content, vectors, chats, outcomes }: Store) {
  const { video } = ids
  return {
    video: await videos.get(video),
    fresh: await videos.get(ids.fresh),
    subtitles: await videos.givenSubtitles(video),
    upload: await uploads.get(ids.upload),
    freshUpload: await uploads.get(ids.fresh),
    active: [await jobs.active(ids.waiting), await jobs.active(ids.running)],
    checkpoint: await jobs.checkpoint(ids.waitingJob, 'shots'),
    shots: await content.list(video, 'shots', PAGE),
    frames: await content.list(video, 'detections', PAGE),
    draft: await content.list(video, 'detections', { ...PAGE, draftOf: ids.draftJob }),
    sentences: await content.list(video, 'transcript', PAGE),
    chapters: await allItems(content, video, 'chapters'),
    labels: await allItems(content, video, 'objects'),
    vectors: [await vectors.count(video), await vectors.nearest({ ...NEAREST, videoIds: [video] })],
    messages: await chats.messages(ids.chat, PAGE),
    outcomes: await Promise.all(['', ' again'].map(more => outcomes.get('ada', `${ids.key}${more}`))),
  }
}

/** Everything a tenant can find, by modality, video and place. */
async function textsOf({ search }: Store) {
  const terms = ['gull', 'cry', 'tide', 'harbour', 'quay', 'boat']
  const hits = await search.search({ terms, limit: 1000 })
  const name = (hit: (typeof hits)[number]) => `${hit.modality} ${hit.videoId} ${hit.index}`
  const { rows, of } = await search.frequencies(terms)
  return { hits: hits.sort((a, b) => (name(a) < name(b) ? -1 : 1)), rows, of: [...of] }
}

/** Claims all there is to claim. */
export async function claimAll({ queue }: ServerStore) {
  const claims = []
  for (;;) {
    const claim = await queue.claim({
      owner: OWNER,
      leaseMs: LEASE_MS,
      maxCrashes: 9,
      maxDeaths: 25,
      alone: true,
      except: [],
    })
    if (!claim) return claims
    claims.push(claim)
  }
}

/** The part of a list that belongs to a tenant. */
export function only<T extends { readonly tenant: string }>(tenant: Tenant, items: readonly T[]): T[] {
  return items.filter(item => item.tenant === tenant)
}
