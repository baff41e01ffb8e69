import { type FileHandle, open } from 'node:fs/promises'
import type { Seconds } from '@cuewire/protocol'
import { readAt } from './container-size.js'

/** Most boxes to walk per level. */
const MAX_BOXES = 100_000
const MAX_TRACKS = 1000
const MAX_EDITS_BYTES = 64 * 1024

interface Box {
  readonly type: string
  /** Where its content begins and ends in the file. */
  readonly from: number
  readonly to: number
}

/**
 * Length of each track of an MP4 or MOV file according to its headers, in file order; undefined for a track without
 * one. Empty for other files. Only these headers say how long the last picture is held.
 */
export async function mp4TrackLengths(file: string): Promise<readonly (Seconds | undefined)[]> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const movie = await firstBox(handle, { from: 0, to: size }, 'moov')
  const header = movie && (await firstBox(handle, movie, 'mvhd'))
  if (!header) return []
  const { scale, duration: whole = Number.POSITIVE_INFINITY } = await movieHeader(handle, header)
  const lengths: (Seconds | undefined)[] = []
  for await (const track of boxes(handle, movie)) {
    if (track.type !== 'trak' || lengths.length >= MAX_TRACKS) continue
    const length = (await editedLength(handle, track)) ?? (await trackLength(handle, track))
    // No track is longer than the whole file: if the two headers differ, the longer time is wrong.
    lengths.push(length !== undefined && scale > 0 ? Math.min(length, whole) / scale : undefined)
  }
  return lengths
}

async function movieHeader(handle: FileHandle, { from }: Box) {
  const content = await readAt(handle, from, 32)
  const isLong = content[0] === 1
  if (content.length < 32) return { scale: 0 }
  return { scale: content.readUInt32BE(isLong ? 20 : 12), duration: durationAt(content, isLong ? 24 : 16) }
}

async function trackLength(handle: FileHandle, track: Box): Promise<number | undefined> {
  const header = await firstBox(handle, track, 'tkhd')
  const content = header && (await readAt(handle, header.from, 36))
  return content?.length === 36 ? durationAt(content, content[0] === 1 ? 28 : 20) : undefined
}

/** Length according to the edit list, which some programs do not copy to the track header. */
async function editedLength(handle: FileHandle, track: Box): Promise<number | undefined> {
  const edits = await firstBox(handle, track, 'edts')
  const list = edits && (await firstBox(handle, edits, 'elst'))
  if (!list || list.to - list.from > MAX_EDITS_BYTES) return undefined
  const content = await readAt(handle, list.from, list.to - list.from)
  const bytes = content[0] === 1 ? 20 : 12
  let sum = 0
  for (let at = 8; at + bytes <= content.length; at += bytes) {
    const length = durationAt(content, at)
    // To the end, however long that is.
    if (length === undefined) return undefined
    sum += length
  }
  return sum > 0 ? sum : undefined
}

/** A duration in units of the movie; undefined where it is 0 or all ones, as of fragments. */
function durationAt(content: Buffer, offset: number): number | undefined {
  const isLong = content[0] === 1
  const value = isLong ? Number(content.readBigUInt64BE(offset)) : content.readUInt32BE(offset)
  return value === 0 || value >= (isLong ? 2 ** 64 : 0xffff_ffff) ? undefined : value
}

async function firstBox(handle: FileHandle, within: Pick<Box, 'from' | 'to'>, type: string): Promise<Box | undefined> {
  for await (const box of boxes(handle, within)) if (box.type === type) return box
  return undefined
}

async function* boxes(handle: FileHandle, { from, to }: Pick<Box, 'from' | 'to'>): AsyncGenerator<Box> {
  let at = from
  for (let count = 0; count < MAX_BOXES && at + 8 <= to; count++) {
    const head = await readAt(handle, at, 16)
    if (head.length < 8) return
    const type = head.toString('latin1', 4, 8)
    if (!/^[\w ©-]{4}$/.test(type)) return
    const size = head.readUInt32BE(0)
    const isLarge = size === 1 && head.length === 16
    const headLength = isLarge ? 16 : 8
    const whole = isLarge ? Number(head.readBigUInt64BE(8)) : size === 0 ? to - at : size
    if (whole < headLength) return
    yield { type, from: at + headLength, to: Math.min(to, at + whole) }
    at += whole
  }
}
