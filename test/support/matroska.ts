import { Buffer } from 'node:buffer'

/** Elements of RFC 8794 and RFC 9559 that tests make. */
export const ID = {
  header: 0x1a45dfa3,
  segment: 0x18538067,
  void: 0xec,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  cluster: 0x1f43b675,
  block: 0xa3,
  chapters: 0x1043a770,
  edition: 0x45b9,
  editionHidden: 0x45bd,
  editionDefault: 0x45db,
  editionOrdered: 0x45dd,
  atom: 0xb6,
  uid: 0x73c4,
  start: 0x91,
  end: 0x92,
  hidden: 0x98,
  enabled: 0x4598,
  otherSegment: 0x6e67,
  display: 0x80,
  text: 0x85,
  language: 0x437c,
} as const

type Content = Uint8Array | string | number

const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])

/** An element with a size of eight bytes. Numbers are unsigned integers of eight bytes. */
export function element(id: number, ...contents: readonly Content[]): Buffer {
  const content = Buffer.concat(contents.map(toBytes))
  const size = uint64(content.length)
  size[0] = 1
  return Buffer.concat([idBytes(id), size, content])
}

/** An element that does not tell where it ends. */
export function endless(id: number, ...contents: readonly Content[]): Buffer {
  return Buffer.concat([idBytes(id), UNKNOWN_SIZE, ...contents.map(toBytes)])
}

export function idBytes(id: number): Buffer {
  const bytes = uint64(id)
  return bytes.subarray(bytes.findIndex(byte => byte !== 0))
}

/** A chapter that starts at a time in seconds. */
export function atom(start: number, title: string, ...more: readonly Content[]): Buffer {
  return element(
    ID.atom,
    element(ID.uid, Math.round(start * 1000) + 1),
    element(ID.start, Math.round(start * 1e9)),
    element(ID.display, element(ID.text, title), element(ID.language, 'eng')),
    ...more,
  )
}

/** A file whose segment has these elements; not playable. */
export const matroska = (...contents: readonly Content[]) =>
  Buffer.concat([element(ID.header), element(ID.segment, ...contents)])

function toBytes(content: Content): Uint8Array {
  return typeof content === 'number' ? uint64(content) : Buffer.from(content)
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
