import { TINY, type TinyFrame } from './tiny-frame.js'

const BLOCK = { width: 8, height: 4 } as const
// Blocks flatter than this, about five levels a channel, hold nothing that could be lost.
const FLAT = 3 * 5 ** 2
// A block is lost when the change in it is more than this share of its structure.
const LOST = 0.3

/**
 * What of a picture is gone in the next one, block by block. A slide that grows by a line loses nothing; the next slide loses the
 * old one's text, though a bar or a logo that both share may outweigh the text in the picture as a whole.
 */
export function lostStructure(a: TinyFrame, b: TinyFrame): { readonly blocks: number; readonly share: number } {
  let [filled, lost] = [0, 0]
  for (let top = 0; top < TINY.height; top += BLOCK.height) {
    for (let left = 0; left < TINY.width; left += BLOCK.width) {
      const { variance, change } = compareBlock(a, b, { top, left })
      if (variance < FLAT) continue
      filled += 1
      if (change > Math.max(FLAT, LOST * variance)) lost += 1
    }
  }
  return { blocks: lost, share: filled === 0 ? 0 : lost / filled }
}

function compareBlock(a: TinyFrame, b: TinyFrame, { top, left }: { top: number; left: number }) {
  const pixels = BLOCK.width * BLOCK.height
  let [variance, change] = [0, 0]
  for (let channel = 0; channel < 3; channel++) {
    let [sum, squares, moved] = [0, 0, 0]
    for (let row = top; row < top + BLOCK.height; row++) {
      for (let column = left; column < left + BLOCK.width; column++) {
        const index = (row * TINY.width + column) * 3 + channel
        const value = a.data[index] ?? 0
        sum += value
        squares += value * value
        moved += ((b.data[index] ?? 0) - value) ** 2
      }
    }
    variance += squares / pixels - (sum / pixels) ** 2
    change += moved / pixels
  }
  return { variance, change }
}
