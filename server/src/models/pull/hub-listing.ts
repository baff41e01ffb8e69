import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { AppError } from '../../lib/app-error.js'
import { isCommit, pinFault } from '../manifest.js'
import type { HubPack } from '../pack.js'
import type { HubAnswer, HubClient } from './hub-client.js'

/** A repository with thousands of files has about 200 bytes for each. */
const MAX_BYTES = 16 * 1024 * 1024
const MAX_FILE_BYTES = 4 * 1024 ** 3

const Listing = Type.Object({
  sha: Type.String({ pattern: '^[0-9a-f]{40}$' }),
  siblings: Type.Array(Type.Object({ rfilename: Type.String() }), { maxItems: 100_000 }),
})
/** Git LFS files have the SHA-256 of their content, other files only a git blob id. */
const Sibling = Type.Object({
  size: Type.Integer({ minimum: 0, maximum: MAX_FILE_BYTES }),
  blobId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{40}$' })),
  lfs: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object({
        sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        size: Type.Integer({ minimum: 0, maximum: MAX_FILE_BYTES }),
      }),
    ]),
  ),
})

/** Size of a file and one of the two hashes, as listed by the hub. */
export interface HubEntry {
  readonly path: string
  readonly bytes: number
  readonly sha256?: string
  readonly gitBlob?: string
}

export interface HubListing {
  readonly commit: string
  /** The pack's files, in its order. */
  readonly files: readonly HubEntry[]
}

/** Reads the commit of a pack's revision and the details of its files; throws if they contradict the pack. */
export async function readListing(client: HubClient, pack: HubPack, signal: AbortSignal): Promise<HubListing> {
  const { hub, revision } = pack.source
  const what = `${hub} at ${revision}`
  const path = `api/models/${hub}/revision/${encodeURIComponent(revision)}?blobs=true`
  const value = await client.get({ path, what, signal }, answer => readJson(answer, what))
  if (!Value.Check(Listing, value))
    throw new AppError('model.missing', `the hub's list of ${what} is not as it must be`)
  if (isCommit(revision) && value.sha !== revision) {
    throw new AppError('model.corrupt', `the hub gives commit ${value.sha} for ${what}; nothing was downloaded`)
  }
  return { commit: value.sha, files: pack.files.map(file => entryOf(value.siblings, file, what)) }
}

function entryOf(
  siblings: Static<typeof Listing>['siblings'],
  pinned: HubPack['files'][number],
  what: string,
): HubEntry {
  const { path } = pinned
  const found: unknown = siblings.find(({ rfilename }) => rfilename === path)
  if (found === undefined) throw new AppError('model.missing', `the hub has no file ${path} in ${what}`)
  if (!Value.Check(Sibling, found)) {
    throw new AppError('model.missing', `the hub gives no size of ${path} in ${what}, or one above ${MAX_FILE_BYTES}`)
  }
  const { lfs, blobId } = found
  const entry = lfs
    ? { path, bytes: lfs.size, sha256: lfs.sha256 }
    : { path, bytes: found.size, ...(blobId !== undefined && { gitBlob: blobId }) }
  if (entry.sha256 === undefined && entry.gitBlob === undefined) {
    throw new AppError('model.missing', `the hub gives no hash of ${path} in ${what}`)
  }
  const fault = pinFault(pinned, entry)
  if (fault !== undefined) {
    throw new AppError('model.corrupt', `the hub ${fault} for ${path} in ${what}; nothing was downloaded`)
  }
  return entry
}

async function readJson({ body }: HubAnswer, what: string): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MAX_BYTES)
      throw new AppError('model.missing', `the hub's list of ${what} has more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    throw new AppError(
      'model.missing',
      `the hub's list of ${what} is not JSON; is CUEWIRE_HUB_URL the address of a hub?`,
      {
        cause,
      },
    )
  }
}
