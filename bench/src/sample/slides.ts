import { PHOTOGRAPHS, type Photograph } from './photographs.js'
import type { ScriptShot, ScriptTopic } from './script.js'

/** The size of the video, in pixels. */
export const FRAME_SIZE = { width: 1280, height: 720 } as const

/** A still picture, to be drawn from the background up. Lengths are pixels, colours as ffmpeg writes them. */
export interface Slide {
  readonly background: { readonly colour: string } | { readonly photograph: Photograph }
  readonly bars: readonly Bar[]
  readonly texts: readonly SlideText[]
}

export interface Bar {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly colour: string
}

/** One line of text; `y` is the top of its letters. */
export interface SlideText {
  readonly text: string
  readonly weight: 'bold' | 'regular'
  readonly size: number
  readonly colour: string
  readonly x: number
  readonly y: number
}

interface Palette {
  readonly dark: string
  readonly light: string
  readonly accent: string
}

// Title slides are dark and key points light, so that no two neighbours look alike.
const PALETTES: readonly [Palette, ...Palette[]] = [
  { dark: '0x26452f', light: '0xf5f1e4', accent: '0xd9a441' },
  { dark: '0x12324a', light: '0xe6f0f5', accent: '0xe07a3f' },
  { dark: '0x3a2d4d', light: '0xf0edf6', accent: '0x4f9fd0' },
]

const MARGIN = 120

/** The picture of a shot; `topicIndex` chooses its colours. */
export function slideOf(shot: ScriptShot, topic: ScriptTopic, topicIndex: number): Slide {
  const palette = PALETTES[topicIndex % PALETTES.length] ?? PALETTES[0]
  switch (shot.picture) {
    case 'title':
      return titleSlide(topic, palette)
    case 'key-points':
      return keyPointsSlide(topic, palette)
    case 'photograph':
      return photographSlide(PHOTOGRAPHS[shot.photograph])
    default:
      return shot satisfies never
  }
}

function titleSlide({ title, subtitle }: ScriptTopic, { dark, light, accent }: Palette): Slide {
  return {
    background: { colour: dark },
    bars: [{ x: MARGIN, y: 244, width: 140, height: 10, colour: accent }],
    texts: [
      { text: title, weight: 'bold', size: 72, colour: light, x: MARGIN, y: 290 },
      { text: subtitle, weight: 'regular', size: 36, colour: light, x: MARGIN, y: 406 },
    ],
  }
}

function keyPointsSlide({ title, keyPoints }: ScriptTopic, { dark, light, accent }: Palette): Slide {
  const rows = keyPoints.map((text, i) => ({ text, y: 286 + i * 108 }))
  return {
    background: { colour: light },
    bars: [
      { x: MARGIN, y: 214, width: FRAME_SIZE.width - 2 * MARGIN, height: 6, colour: accent },
      ...rows.map(({ y }) => ({ x: MARGIN, y: y + 10, width: 22, height: 22, colour: accent })),
    ],
    texts: [
      { text: title, weight: 'bold', size: 56, colour: dark, x: MARGIN, y: 124 },
      ...rows.map(({ text, y }) => ({ text, weight: 'regular', size: 44, colour: dark, x: MARGIN + 60, y }) as const),
    ],
  }
}

function photographSlide(photograph: Photograph): Slide {
  const { width, height } = FRAME_SIZE
  return {
    background: { photograph },
    bars: [{ x: 0, y: height - 44, width, height: 44, colour: 'black@0.6' }],
    texts: [{ text: photograph.credit, weight: 'regular', size: 20, colour: 'white', x: 24, y: height - 31 }],
  }
}
