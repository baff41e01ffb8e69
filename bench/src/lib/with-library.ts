import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEERS } from '../peers/peers.js'
import { publishClip } from './publish-clip.js'
import { withServer } from './server-process.js'

/** A data folder of Cuewire that holds one processed video. */
export interface Library {
  readonly folder: string
  readonly videoId: string
}

/** Runs `use` with such a folder, which no server is using, and removes it afterwards. */
export async function withLibrary<T>(signal: AbortSignal, use: (library: Library) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-library-'))
  try {
    const { command } = PEERS.cuewire
    const environment = { CUEWIRE_DATA_DIR: folder }
    const videoId = await withServer({ command, signal, environment }, ({ port }) => publishClip(port))
    return await use({ folder, videoId })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
