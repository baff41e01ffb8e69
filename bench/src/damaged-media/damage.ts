import type { Dice } from '../fuzz/dice.js'

/** Bytes at the start in which most containers keep their header. */
const HEADER_BYTES = 4096
/** Sizes and times that no file has. */
const ABSURD = [0, 1, 30_000, 0x7fff_ffff, 0xffff_ffff] as const
/** Boxes of MP4 that hold sizes, counts, times or offsets. */
const BOXES = ['tkhd', 'mvhd', 'mdhd', 'stsd', 'avc1', 'mp4a', 'stsz', 'stco', 'stts', 'stsc', 'elst', 'trun', 'tfhd']

type Damage = (bytes: Buffer, dice: Dice) => Buffer

/** Ways to damage a file; each changes the bytes it is given, or returns others. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  'bits flipped': (bytes, dice) => flipped(bytes, dice, bytes.length),
  'bits of the header flipped': (bytes, dice) => flipped(bytes, dice, Math.min(HEADER_BYTES, bytes.length)),
  'cut short': (bytes, dice) => bytes.subarray(0, dice.below(bytes.length)),
  'a part missing': (bytes, dice) => {
    const [from, length] = [dice.below(bytes.length), dice.between(1, Math.max(1, bytes.length >> 2))]
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)])
  },
  'a part zero': (bytes, dice) => bytes.fill(0, dice.below(bytes.length), bytes.length),
  'a part twice': (bytes, dice) => {
    const [from, to] = [dice.below(bytes.length), dice.below(bytes.length)].sort((a, b) => a - b)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  'rubbish in between': (bytes, dice) => {
    const at = dice.below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), dice.bytes(dice.between(1, 5000)), bytes.subarray(at)])
  },
  'absurd header': (bytes, dice) => {
    const places = BOXES.flatMap(box => placesOf(bytes, box))
    for (let count = dice.between(1, 3); count > 0; count -= 1) {
      const start = places.length > 0 ? dice.pick(places) : dice.below(Math.min(HEADER_BYTES, bytes.length))
      const at = Math.min(bytes.length - 4, start + dice.below(90))
      if (at >= 0) bytes.writeUInt32BE(dice.pick(ABSURD), at)
    }
    return bytes
  },
}

/** A damaged copy of a file, and how it was damaged. */
export function damaged(original: Buffer, dice: Dice): { readonly bytes: Buffer; readonly how: string } {
  const [how, damage] = dice.pick(Object.entries(DAMAGES))
  return { bytes: damage(Buffer.from(original), dice), how }
}

function flipped(bytes: Buffer, dice: Dice, within: number): Buffer {
  for (let count = dice.between(1, 64); count > 0; count -= 1) {
    const at = dice.below(within)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
  }
  return bytes
}

function placesOf(bytes: Buffer, box: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(box); at >= 0; at = bytes.indexOf(box, at + 1)) places.push(at + 4)
  return places
}
