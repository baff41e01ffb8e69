import type { Id, Seconds } from '@cuewire/protocol'

/** Across a longer gap it is faster to start another decoder at the preceding key frame. */
const GAP_SECONDS = 4
/** Limits of a batch, in seconds around the oldest request and in requests, because other videos wait meanwhile. */
const REACH_SECONDS = 60
const MAX_BATCH = 500

interface Position {
  readonly blobs: { readonly tenant: string }
  readonly videoId: Id
  readonly at: Seconds
}

/**
 * The first waiting request and its neighbours in the same video without a large gap, in ascending order. One decoder
 * serves them.
 */
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
