import { isDeepStrictEqual } from 'node:util'
import type { Client } from '@cuewire/client'
import { KIND_NAMES, KINDS, type KindName, kindOf, LIMITS } from '@cuewire/protocol'

/** All that was found in a video, kind by kind. */
export type Content = ReadonlyMap<KindName, readonly unknown[]>

/** A kind of which two videos hold different items. */
export interface Difference {
  readonly kind: KindName
  readonly counts: readonly [number, number]
  readonly first: readonly [unknown, unknown]
}

export async function readContent(client: Client, videoId: string): Promise<Content> {
  return new Map(
    await Promise.all(KIND_NAMES.map(async kind => [kind, await readKind(client, videoId, kind)] as const)),
  )
}

export function differences(one: Content, other: Content): Difference[] {
  return KIND_NAMES.flatMap(kind => {
    const [a, b] = [one.get(kind) ?? [], other.get(kind) ?? []]
    const place = Array.from({ length: Math.max(a.length, b.length) }, (_, at) => at).find(
      at => !isDeepStrictEqual(a[at], b[at]),
    )
    return place === undefined ? [] : { kind, counts: [a.length, b.length], first: [a[place], b[place]] }
  })
}

async function readKind(client: Client, videoId: string, kind: KindName): Promise<unknown[]> {
  const items: unknown[] = []
  let cursor: string | undefined
  do {
    const params = { videoId, limit: LIMITS.pageSize, ...(cursor !== undefined && { cursor }) }
    const page: { readonly nextCursor?: string } = await client.command(KINDS[kind].get, params)
    items.push(...((page as Readonly<Record<string, unknown[]>>)[kindOf(kind).field] ?? []))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return items
}
