import { type FileHandle, open } from 'node:fs/promises'
import { findSegment } from './ebml.js'

/** The size of a file, and the size its container declares, if it does. */
export interface ContainerSize {
  readonly bytes: number
  readonly promised: number | undefined
}

/** RIFF sizes this large mean unknown: programs that stream a recording write about the largest value. */
const RIFF_UNKNOWN_FROM = 0x7fff_f000
const FIRST_BOXES = ['ftyp', 'styp', 'moov', 'mdat', 'wide', 'free', 'skip']
/** Most boxes or chunks to walk; a fragmented MP4 has two per fragment. */
const MAX_PARTS = 100_000

/** Reads the size declared by a WAV, AVI, MP4, MOV, MKV or WebM file. Other containers declare none. */
export async function containerSize(file: string): Promise<ContainerSize> {
  await using handle = await open(file)
  const { size: bytes } = await handle.stat()
  const head = await readAt(handle, 0, 12)
  if (head.length < 12) return { bytes, promised: undefined }
  if (head.toString('latin1', 0, 4) === 'RIFF') return { bytes, promised: await riffEnd(handle, bytes) }
  const segment = await findSegment((position, length) => readAt(handle, position, length))
  if (segment) return { bytes, promised: segment.to }
  if (FIRST_BOXES.includes(head.toString('latin1', 4, 8))) return { bytes, promised: await boxesEnd(handle, bytes) }
  return { bytes, promised: undefined }
}

/** End of the last RIFF chunk; a large AVI has several, one after the other. */
async function riffEnd(handle: FileHandle, bytes: number): Promise<number | undefined> {
  let end = 0
  for (let part = 0; part < MAX_PARTS && end < bytes; part++) {
    const chunk = await readAt(handle, end, 8)
    if (chunk.length < 8 || chunk.toString('latin1', 0, 4) !== 'RIFF') break
    const size = chunk.readUInt32LE(4)
    if (size >= RIFF_UNKNOWN_FROM) return undefined
    end += 8 + size
  }
  return end
}

/** End of the last box of an MP4 file. Trailing bytes that are not boxes do not count. */
async function boxesEnd(handle: FileHandle, bytes: number): Promise<number> {
  let end = 0
  for (let part = 0; part < MAX_PARTS && end < bytes; part++) {
    const box = await readAt(handle, end, 16)
    if (box.length < 8 || !/^[\w ©-]{4}$/.test(box.toString('latin1', 4, 8))) break
    const size = box.readUInt32BE(0)
    if (size === 0) return bytes
    const large = size === 1 && box.length === 16
    const whole = large ? Number(box.readBigUInt64BE(8)) : size
    if (whole < (large ? 16 : 8)) break
    end += whole
  }
  return end
}

/** Reads bytes at a position; fewer at the end of the file. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
