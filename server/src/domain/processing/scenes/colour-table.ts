import { COLOURS, type Colour } from '@cuewire/protocol'
import { colourName } from '../objects/dominant-colour.js'

const BITS = 5
const LEVELS = 1 << BITS
const SHIFT = 8 - BITS
/** Middle of a level, 0..255. */
const MIDDLE = 1 << (SHIFT - 1)

let table: Uint8Array | undefined

/** Index into `COLOURS` of an sRGB colour, 0..255 each. The colour is rounded to 5 bits a channel, so that it can be looked up. */
export function colourIndex(red: number, green: number, blue: number): number {
  table ??= makeTable()
  return table[((red >> SHIFT) << (2 * BITS)) | ((green >> SHIFT) << BITS) | (blue >> SHIFT)] ?? 0
}

function makeTable(): Uint8Array {
  const names = new Map<Colour, number>(COLOURS.map((name, index) => [name, index]))
  return Uint8Array.from({ length: LEVELS ** 3 }, (_, at) => {
    const level = (shift: number) => (((at >> shift) & (LEVELS - 1)) << SHIFT) + MIDDLE
    return names.get(colourName(level(2 * BITS), level(BITS), level(0))) ?? 0
  })
}
