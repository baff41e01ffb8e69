/** Reads up to `length` bytes at a position of a file, fewer where it ends. */
export type ReadBytes = (position: number, length: number) => Promise<Buffer>

/** An element of an EBML document (RFC 8794), which is what Matroska and WebM files are. */
export interface EbmlElement {
  readonly id: number
  /** Where its content begins and ends; the end is undefined for a recording whose size was not known. */
  readonly from: number
  readonly to: number | undefined
}

/** The contents of the elements within another one, by their IDs. */
export type EbmlFields = ReadonlyMap<number, readonly Buffer[]>

/** The document violates EBML, or exceeds our limits. */
export class EbmlFault extends Error {}

const EBML_HEADER = 0x1a45dfa3
const SEGMENT = 0x18538067
/** An ID of four bytes and a size of eight. */
const MAX_HEAD_BYTES = 12

/** The segment of a Matroska file, which follows the header or padding after it. */
export async function findSegment(read: ReadBytes): Promise<EbmlElement | undefined> {
  const header = await elementAt(read, 0)
  let at = header?.id === EBML_HEADER ? header.to : undefined
  for (let part = 0; part < 3 && at !== undefined; part++) {
    const element = await elementAt(read, at)
    if (element?.id === SEGMENT) return element
    at = element?.to
  }
  return undefined
}

/** The element whose head is at a position of a file; undefined where no head can be. */
export async function elementAt(read: ReadBytes, position: number): Promise<EbmlElement | undefined> {
  // A damaged size can point past the end of any file.
  if (!Number.isSafeInteger(position)) return undefined
  const head = parseHead(await read(position, MAX_HEAD_BYTES), 0)
  if (!head) return undefined
  return { id: head.id, from: position + head.from, to: head.to === undefined ? undefined : position + head.to }
}

/** The content of an element of a file; a fault where it is longer than `maxBytes`, cut short, or of unknown size. */
export async function readContent(read: ReadBytes, { from, to }: EbmlElement, maxBytes: number): Promise<Buffer> {
  if (to === undefined || to - from > maxBytes) throw new EbmlFault('The element is too long to be read.')
  const content = await read(from, to - from)
  if (content.length < to - from) throw new EbmlFault('The element ends after the file.')
  return content
}

/** The elements that the content of another one consists of. */
export function fieldsOf(content: Buffer): EbmlFields {
  const fields = new Map<number, Buffer[]>()
  for (let at = 0; at < content.length; ) {
    const element = parseHead(content, at)
    if (element?.to === undefined || element.to > content.length) throw new EbmlFault('An element has a wrong size.')
    const same = fields.get(element.id)
    const field = content.subarray(element.from, element.to)
    if (same) same.push(field)
    else fields.set(element.id, [field])
    at = element.to
  }
  return fields
}

/** An unsigned integer. Above 2^53 it is rounded. */
export function toUnsigned(content: Uint8Array): number {
  if (content.length > 8) throw new EbmlFault('An integer is longer than eight bytes.')
  return content.reduce((value, byte) => value * 256 + byte, 0)
}

function parseHead(bytes: Buffer, at: number): EbmlElement | undefined {
  const idLength = lengthOfNumber(bytes[at])
  const sizeAt = at + idLength
  const from = sizeAt + lengthOfNumber(bytes[sizeAt])
  if (idLength > 4 || from - sizeAt > 8 || from > bytes.length) return undefined
  const size = readSize(bytes, sizeAt, from)
  return { id: bytes.readUIntBE(at, idLength), from, to: size === undefined ? undefined : from + size }
}

/** The first set bit of a number gives its length in bytes; more than 8 means invalid. */
const lengthOfNumber = (first = 0) => Math.clz32(first << 24) + 1

/** The size between two places; all bits set means unknown. */
function readSize(bytes: Uint8Array, at: number, end: number): number | undefined {
  let value = (bytes[at] ?? 0) & (0xff >> (end - at))
  for (let next = at + 1; next < end; next++) value = value * 256 + (bytes[next] ?? 0)
  return value >= 2 ** (7 * (end - at)) - 1 ? undefined : value
}
