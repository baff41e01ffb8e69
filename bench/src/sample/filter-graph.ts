import { photographFile } from './photographs.js'
import { FRAME_SIZE, type Slide } from './slides.js'

export const FRAMES_PER_SECOND = 25

/** Frames of a dissolve, half of them on each side of where a cut would be. */
export const DISSOLVE_FRAMES = 26

/** A slide and the number of frames it is shown for. */
export interface TimedSlide {
  readonly slide: Slide
  readonly frames: number
  /** Dissolves in, instead of a cut. */
  readonly dissolve?: boolean
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
// Each slide is drawn once, as one frame, and then repeated; a dissolve lays the next one over it, more and more opaque.

/** An ffmpeg filter graph that shows the slides one after another. */
export function filterGraph(slides: readonly TimedSlide[]): FilterGraph {
  const textFiles = new Map<string, string>()
  const half = DISSOLVE_FRAMES / 2
  const parts: string[] = []
  const chains = slides.flatMap(({ slide, frames, dissolve = false }, i) => {
    const drawn = [
      ...backgroundFilters(slide),
      ...slide.bars.map(
        ({ x, y, width, height, colour }) => `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:color=${colour}:t=fill`,
      ),
      ...slide.texts.map(({ text, weight, size, colour, x, y }, line) => {
        const file = `slide-${i}-line-${line}.txt`
        textFiles.set(file, text)
        return `drawtext=fontfile=${weight}.ttf:textfile=${file}:expansion=none:fontsize=${size}:fontcolor=${colour}:x=${x}:y=${y}`
      }),
    ]
    const leaves = slides[i + 1]?.dissolve ?? false
    const copies = [`still${i}`, ...(dissolve ? [`in${i}`] : []), ...(leaves ? [`out${i}`] : [])]
    const shown = frames - (dissolve ? half : 0) - (leaves ? half : 0)
    if (dissolve) parts.push(`dissolve${i}`)
    parts.push(`slide${i}`)
    return [
      `[${i}:v]${drawn.join(',')},split=${copies.length}${copies.map(copy => `[${copy}]`).join('')}`,
      `[still${i}]${heldFor(shown)}[slide${i}]`,
      ...(dissolve
        ? [
            `[out${i - 1}]${heldFor(DISSOLVE_FRAMES)}[from${i}]`,
            `[in${i}]${heldFor(DISSOLVE_FRAMES)},format=yuva420p,fade=in:0:${DISSOLVE_FRAMES}:alpha=1[to${i}]`,
            `[from${i}][to${i}]overlay,format=yuv420p,setsar=1[dissolve${i}]`,
          ]
        : []),
    ]
  })
  const labels = parts.map(part => `[${part}]`).join('')
  return {
    inputs: slides.flatMap(({ slide }) => inputOf(slide)),
    graph: [...chains, `${labels}concat=n=${parts.length}:v=1:a=0[picture]`].join(';'),
    textFiles,
  }
}

/** Repeats one frame. */
function heldFor(frames: number): string {
  return `loop=loop=${frames - 1}:size=1:start=0,setpts=N/(${FRAMES_PER_SECOND}*TB)`
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
