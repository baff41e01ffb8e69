import { photographFile } from './photographs.js'
import { FRAME_SIZE, type Slide } from './slides.js'

export const FRAMES_PER_SECOND = 25

/** A slide and the number of frames it is shown for. */
export interface TimedSlide {
  readonly slide: Slide
  readonly frames: number
}

export interface FilterGraph {
  /** Arguments that open one ffmpeg input for each slide. */
  readonly inputs: readonly string[]
  /** For `-filter_complex`; its output is named `picture`. */
  readonly graph: string
  /** Text files that must lie in ffmpeg's working folder, beside FONT_FILES: name to content. */
  readonly textFiles: ReadonlyMap<string, string>
}

/** The fonts the graph reads from ffmpeg's working folder, with the modules they are copied from. */
export const FONT_FILES = {
  'bold.ttf': 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  'regular.ttf': 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
} as const

// Words and fonts come from files with plain names in the working folder, so nothing in the graph needs escaping.
// Each slide is drawn once, as one frame, and then repeated.

/** An ffmpeg filter graph that shows the slides one after another. */
export function filterGraph(slides: readonly TimedSlide[]): FilterGraph {
  const textFiles = new Map<string, string>()
  const chains = slides.map(({ slide, frames }, i) => {
    const filters = [
      ...backgroundFilters(slide),
      ...slide.bars.map(
        ({ x, y, width, height, colour }) => `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:color=${colour}:t=fill`,
      ),
      ...slide.texts.map(({ text, weight, size, colour, x, y }, line) => {
        const file = `slide-${i}-line-${line}.txt`
        textFiles.set(file, text)
        return `drawtext=fontfile=${weight}.ttf:textfile=${file}:expansion=none:fontsize=${size}:fontcolor=${colour}:x=${x}:y=${y}`
      }),
      `loop=loop=${frames - 1}:size=1:start=0`,
      `setpts=N/(${FRAMES_PER_SECOND}*TB)`,
    ]
    return `[${i}:v]${filters.join(',')}[slide${i}]`
  })
  const labels = slides.map((_, i) => `[slide${i}]`).join('')
  return {
    inputs: slides.flatMap(({ slide }) => inputOf(slide)),
    graph: [...chains, `${labels}concat=n=${slides.length}:v=1:a=0[picture]`].join(';'),
    textFiles,
  }
}

function inputOf({ background }: Slide): string[] {
  if ('photograph' in background) {
    // Without this a "%d" in the path would be read as a series of images.
    return ['-f', 'image2', '-pattern_type', 'none', '-i', photographFile(background.photograph)]
  }
  const { width, height } = FRAME_SIZE
  const oneFrame = `color=c=${background.colour}:s=${width}x${height}:r=${FRAMES_PER_SECOND}:d=${1 / FRAMES_PER_SECOND}`
  return ['-f', 'lavfi', '-i', oneFrame]
}

function backgroundFilters({ background }: Slide): string[] {
  if (!('photograph' in background)) return ['format=yuv420p', 'setsar=1']
  const { crop } = background.photograph
  return [
    `crop=${crop.width}:${crop.height}:${crop.x}:${crop.y}`,
    `scale=${FRAME_SIZE.width}:${FRAME_SIZE.height}:flags=lanczos:out_range=tv`,
    'format=yuv420p',
    'setsar=1',
  ]
}
