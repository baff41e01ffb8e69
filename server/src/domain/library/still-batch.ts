import type { Id, Seconds } from '@cuewire/protocol'

/** Over a longer gap it is faster to start another decoder at the key frame before. */
const GAP_SECONDS = 4
/** How far from the oldest request a batch reaches, and how many it holds: other videos wait meanwhile. */
const REACH_SECONDS = 60
const MAX_BATCH = 500

interface Position {
  readonly blobs: { readonly tenant: string }
  readonly videoId: Id
  readonly at: Seconds
}

/** The first of the waiting requests and those around it in the same video, without a gap, which one decoder is to serve. Ascending. */
export function chooseBatch<T extends Position>(waiting: readonly [T, ...T[]]): readonly T[] {
  const [oldest] = waiting
  const near = waiting
    .filter(position => isSameVideo(position, oldest) && Math.abs(position.at - oldest.at) <= REACH_SECONDS)
    .sort((one, other) => one.at - other.at)
  const place = near.indexOf(oldest)
  const after = untilGap(near.slice(place)).slice(0, MAX_BATCH)
  const before = untilGap(near.slice(0, place + 1).reverse()).slice(1, MAX_BATCH - after.length + 1)
  return [...before.reverse(), ...after]
}

function isSameVideo(one: Position, other: Position): boolean {
  return one.blobs.tenant === other.blobs.tenant && one.videoId === other.videoId
}

function untilGap<T extends Position>(line: readonly T[]): T[] {
  const end = line.findIndex(({ at }, i) => Math.abs(at - (line[i - 1]?.at ?? at)) > GAP_SECONDS)
  return line.slice(0, end < 0 ? line.length : end)
}
