/** The version reported by `ffmpeg -version` or `ffprobe -version`. */
export interface ProgramVersion {
  /** As the program writes it: `5.1.9-0+deb12u1`, `n7.1`, `N-47683-g0e8eb07980-static`. */
  readonly text: string
  /** The release it belongs to, such as `[5, 1, 9]`; of a build between releases the major number; `[0]` when unknown. */
  readonly release: readonly number[]
}

// FFmpeg 4 has libavformat 58, FFmpeg 5 has 59, and so on.
const LIBAVFORMAT_OFFSET = 54

/** Parses the output of `-version`. Undefined if it is not from this program. */
export function parseVersion(program: string, output: string): ProgramVersion | undefined {
  const text = new RegExp(`^${program} version (\\S{1,100})`).exec(output)?.[1]
  if (text === undefined) return undefined
  const numbered = /^n?(\d{1,3}(?:\.\d{1,3}){1,2})/.exec(text)?.[1]
  if (numbered) return { text, release: numbered.split('.').map(Number) }
  // A build between releases names a commit; its libavformat version shows the release.
  const library = Number(/^libavformat\s+(\d{2})\./m.exec(output)?.[1] ?? LIBAVFORMAT_OFFSET)
  return { text, release: [Math.max(0, library - LIBAVFORMAT_OFFSET)] }
}

/** Whether a release is later than another; missing parts count as 0. */
export function isNewer(release: readonly number[], than: readonly number[]): boolean {
  for (let part = 0; part < Math.max(release.length, than.length); part++) {
    const difference = (release[part] ?? 0) - (than[part] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}
