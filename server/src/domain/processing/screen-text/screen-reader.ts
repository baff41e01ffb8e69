import type { Box } from '@cuewire/protocol'
import { LIMITS } from '@cuewire/protocol'
import { areaOf } from '../../../lib/box.js'
import { toLine } from '../../../lib/text.js'
import type { RgbImage, TextReader } from '../../../models/models.js'
import { joinParts } from './reading-order.js'
import type { FoundLine } from './screen-lines.js'

/** Lines read in one picture, the largest ones. */
const MAX_LINES = 100
/** Below this, what is read is mostly texture that looks like letters. */
const MIN_CONFIDENCE = 0.8

/** Whether what is in a box is of interest. */
type Wants = (box: Box) => boolean

type ReadLine = Omit<FoundLine, 'moves'>

/** Whether a quick look finds large text that is wanted. */
export async function showsText(
  reader: TextReader,
  image: RgbImage,
  wants: Wants,
  signal: AbortSignal,
): Promise<boolean> {
  return (await reader.find(image, { glance: true }, signal)).some(({ box }) => wants(box))
}

/** Finds the lines of text of any size in a picture and reads those that are wanted. */
export async function readScreen(
  reader: TextReader,
  image: RgbImage,
  wants: Wants,
  signal: AbortSignal,
): Promise<ReadLine[]> {
  const regions = await reader.find(image, { glance: false }, signal)
  const boxes = joinParts(regions.map(({ box }) => box)).sort((a, b) => areaOf(b) - areaOf(a))
  const lines = await Promise.all(
    boxes
      .slice(0, MAX_LINES)
      .filter(wants)
      .map(async box => ({ box, ...(await reader.read(image, box, signal)) })),
  )
  return lines.flatMap(line => legible(line) ?? [])
}

function legible(line: ReadLine): ReadLine | undefined {
  const text = toLine(line.text, LIMITS.textLength)
  return line.confidence >= MIN_CONFIDENCE && /[\p{L}\p{N}]/u.test(text) ? { ...line, text } : undefined
}
