/** From here on it is no size: programs that stream a recording cannot know it, and write about the largest there is. */
const UNKNOWN_FROM = 0x7fff_f000
/** The header counts the bytes that follow its first two fields. */
const UNCOUNTED = 8

/** Bytes a WAV file says it has, by its first 12; undefined where it does not say, and of other files. */
export function wavSize(head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return undefined
  const counted = bytes.readUInt32LE(4)
  return counted < UNKNOWN_FROM ? counted + UNCOUNTED : undefined
}
