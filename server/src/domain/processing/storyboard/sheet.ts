import type { Seconds } from '@cuewire/protocol'
import type { Sheet } from '../../../media/media-tools.js'
import type { TilesState } from './tiles.js'

const COLUMNS = 10
const FILE = 'storyboard.jpg'

interface TileSize {
  readonly width: number
  readonly height: number
}

/** Lays out the tiles of a storyboard in rows of ten. */
export function sheetOf({ tiles }: TilesState, { width, height }: TileSize): Sheet {
  return {
    width: width * Math.min(COLUMNS, tiles.length),
    height: height * Math.ceil(tiles.length / COLUMNS),
    tiles: tiles.map(({ jpeg }, index) => ({
      jpeg: Buffer.from(jpeg, 'base64'),
      left: width * (index % COLUMNS),
      top: height * Math.floor(index / COLUMNS),
    })),
  }
}

/**
 * The times of the tiles as a WebVTT file of the kind players use for thumbnails: each cue refers to a part of the sheet
 * by a media fragment (`#xywh`).
 */
export function timesOf({ interval, tiles }: TilesState, { width, height }: TileSize, end: Seconds): string {
  const cues = tiles.map(({ slot }, index) => {
    const start = slot * interval
    const next = tiles[index + 1]?.slot
    const until = next === undefined ? Math.max(end, start + 0.001) : next * interval
    const left = width * (index % COLUMNS)
    const top = height * Math.floor(index / COLUMNS)
    return `${clock(start)} --> ${clock(until)}\n${FILE}#xywh=${left},${top},${width},${height}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

/** A time as WebVTT writes it: hh:mm:ss.ttt. */
function clock(at: Seconds): string {
  const millis = Math.round(at * 1000)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const hours = two(millis / 3_600_000)
  return `${hours}:${two((millis / 60_000) % 60)}:${two((millis / 1000) % 60)}.${String(millis % 1000).padStart(3, '0')}`
}
