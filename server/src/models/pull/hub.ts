import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../lib/app-error.js'
import { manifestOf, pinFault, writeManifest } from '../manifest.js'
import type { HubPack, PackFile } from '../pack.js'
import { type HubAccess, HubClient } from './hub-client.js'
import { downloadFile } from './hub-download.js'
import { readListing } from './hub-listing.js'

export interface HubPull {
  readonly access: HubAccess
  /** Folder of partial files. It survives a failed pull. */
  readonly partial: string
  /** Folder for the files and their manifest. */
  readonly to: string
  readonly signal: AbortSignal
  onBytes(bytes: { readonly done: number; readonly total: number }): void
}

/**
 * Downloads the files named by a pack, and no others, from a hub with the API of Hugging Face, and writes the manifest.
 * The commit, sizes and hashes that the hub lists are verified. API: https://huggingface.co/docs/hub/api
 */
export async function pullFromHub(pack: HubPack, { access, partial, to, signal, onBytes }: HubPull): Promise<void> {
  const client = new HubClient(access)
  const { commit, files } = await readListing(client, pack, signal)
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  await mkdir(partial, { recursive: true })
  const here: { readonly file: PackFile; readonly part: string }[] = []
  let before = 0
  for (const [index, entry] of files.entries()) {
    const { path, bytes } = entry
    // Named after the content, so that a partial file is never continued with a newer version.
    const part = join(partial, `${index}-${entry.sha256 ?? entry.gitBlob}`)
    const report = (done: number) => onBytes({ done: before + done, total })
    const sha256 = await downloadFile(client, {
      hub: pack.source.hub,
      commit,
      entry,
      part,
      signal,
      onBytes: report,
    })
    const fault = pinFault(pack.files[index] ?? {}, { bytes, sha256 })
    if (fault !== undefined) throw new AppError('model.corrupt', `the hub ${fault} for ${path}; nothing was installed`)
    here.push({ file: { path, bytes, sha256 }, part })
    before += bytes
  }
  for (const { file, part } of here) {
    const target = join(to, file.path)
    await mkdir(dirname(target), { recursive: true })
    await rename(part, target)
  }
  await writeManifest(
    to,
    manifestOf(
      pack,
      here.map(({ file }) => file),
      commit,
    ),
  )
}
