import { PHOTOGRAPHS, type PhotographName } from '../../sample/photographs.js'
import type { Font } from './fonts.js'
import { between, phrase, pick, type Random, title } from './words.js'

export const SLIDE = { width: 1280, height: 720 } as const

export type Background =
  | { readonly kind: 'plain'; readonly colour: string }
  | { readonly kind: 'gradient'; readonly from: string; readonly to: string }
  | { readonly kind: 'photograph'; readonly name: PhotographName; readonly shade: 'black' | 'white' }

/** One line of text; lengths are pixels, `y` is the top of its line. */
export interface SlideLine {
  readonly text: string
  readonly size: number
  readonly colour: string
  readonly x: number
  readonly y: number
}

export interface TextSlide {
  readonly font: Font
  readonly background: Background
  readonly title: SlideLine
  readonly body: readonly SlideLine[]
}

/** Dark text on light grounds, and light text on dark ones. */
const LIGHT = {
  plain: ['#ffffff', '#f5f1e4', '#e6f0f5', '#fff7c2'],
  text: ['#111111', '#26452f', '#12324a', '#7a1f1f'],
}
const DARK = { plain: ['#000000', '#12324a', '#3a2d4d', '#1b5e20'], text: ['#ffffff', '#f5f1e4', '#ffe082', '#b3e5fc'] }
const BACKGROUNDS = ['plain', 'plain', 'gradient', 'photograph'] as const

/** Width of a letter, in sizes of the font, of the widest fonts used. */
const LETTER_WIDTH = 0.66

/** A slide with a title and two to six lines, all of which fit into the picture. */
export function randomSlide(random: Random, fonts: readonly Font[]): TextSlide {
  const isLight = random() < 0.5
  const { plain, text } = isLight ? LIGHT : DARK
  const left = between(random, 50, 140)
  const fitting = (line: string, size: number) =>
    Math.max(20, Math.min(size, Math.floor((SLIDE.width - left - 30) / (line.length * LETTER_WIDTH))))
  const heading = title(random)
  const top = between(random, 40, 90)
  const size = between(random, 24, 42)
  const step = Math.round(size * 1.45) + between(random, 4, 30)
  const count = Math.min(between(random, 2, 6), Math.floor((SLIDE.height - top - 150) / step))
  const colour = pick(random, text)
  const body = Array.from({ length: count }, (_, at) => {
    const line = phrase(random, between(random, 2, 7))
    return { text: line, size: fitting(line, size), colour, x: left, y: top + 130 + at * step }
  })
  return {
    font: pick(random, fonts),
    background: background(random, plain, isLight),
    title: {
      text: heading,
      size: fitting(heading, between(random, 50, 72)),
      colour: pick(random, text),
      x: left,
      y: top,
    },
    body,
  }
}

function background(random: Random, colours: readonly string[], isLight: boolean): Background {
  const kind = pick(random, BACKGROUNDS)
  switch (kind) {
    case 'plain':
      return { kind, colour: pick(random, colours) }
    case 'gradient':
      return { kind, from: pick(random, colours), to: pick(random, colours) }
    case 'photograph': {
      const name = pick(random, Object.keys(PHOTOGRAPHS) as PhotographName[])
      return { kind, name, shade: isLight ? 'white' : 'black' }
    }
    default:
      return kind satisfies never
  }
}
