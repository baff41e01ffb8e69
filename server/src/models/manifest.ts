import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ignoreMissing } from '../lib/ignore-missing.js'
import { type HubPack, type PackFile, packId } from './pack.js'

export const MANIFEST_FILE = 'manifest.json'
const MAX_BYTES = 64 * 1024
const FORMAT = { additionalProperties: false }

/** The files of an installed hub pack. It is written after the download and checked at every load. */
const Manifest = Type.Object(
  {
    pack: Type.String(),
    hub: Type.String(),
    revision: Type.String(),
    /** Absent when the files came from a folder without a manifest. */
    commit: Type.Optional(Type.String({ pattern: '^[0-9a-f]{40}$' })),
    files: Type.Array(
      Type.Object(
        {
          path: Type.String(),
          bytes: Type.Integer({ minimum: 0 }),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        FORMAT,
      ),
      { maxItems: 200 },
    ),
  },
  FORMAT,
)
export type Manifest = Static<typeof Manifest>

/** The manifest of a pack with these files. */
export function manifestOf(pack: HubPack, files: readonly PackFile[], commit?: string): Manifest {
  const { hub, revision } = pack.source
  return { pack: packId(pack), hub, revision, ...(commit !== undefined && { commit }), files: [...files] }
}

export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  await writeFile(join(dir, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The manifest in a folder, or what is wrong with it, as text to follow its name; undefined if there is none. */
export async function readManifest(
  dir: string,
  pack: HubPack,
): Promise<{ readonly manifest: Manifest } | { readonly fault: string } | undefined> {
  const path = join(dir, MANIFEST_FILE)
  const info = await ignoreMissing(stat(path))
  if (!info) return undefined
  if (info.size > MAX_BYTES) return { fault: `has more than ${MAX_BYTES} bytes` }
  const manifest = parse(await readFile(path, 'utf8'))
  if (!manifest) return { fault: 'is not a manifest' }
  const fault = mismatch(manifest, pack)
  return fault === undefined ? { manifest } : { fault }
}

function parse(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(Manifest, value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** How a manifest contradicts its pack; undefined if it does not. */
function mismatch({ pack: id, hub, revision, commit, files }: Manifest, pack: HubPack): string | undefined {
  const { source } = pack
  if (id !== packId(pack) || hub !== source.hub || revision !== source.revision) return `is not that of ${packId(pack)}`
  if (commit !== undefined && isCommit(revision) && commit !== revision) return 'names another commit than the pack'
  if (files.length !== pack.files.length) return 'does not list the files of the pack'
  for (const pinned of pack.files) {
    const listed = files.find(({ path }) => path === pinned.path)
    if (!listed) return `does not list ${pinned.path}`
    const fault = pinFault(pinned, listed)
    if (fault !== undefined) return `${fault} for ${pinned.path}`
  }
  return undefined
}

/** How the details of a file contradict the pinned ones, as text to follow the name of their source. */
export function pinFault(
  pinned: { readonly bytes?: number; readonly sha256?: string },
  found: { readonly bytes: number; readonly sha256?: string | undefined },
): string | undefined {
  if (pinned.bytes !== undefined && pinned.bytes !== found.bytes) {
    return `gives ${found.bytes} bytes, where the pack has ${pinned.bytes},`
  }
  if (pinned.sha256 !== undefined && found.sha256 !== undefined && pinned.sha256 !== found.sha256) {
    return 'gives another hash than the pack'
  }
  return undefined
}

/** Whether a revision is a full commit id, which pins the content. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision)
}
