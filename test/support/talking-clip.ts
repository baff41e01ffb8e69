import { join } from 'node:path'
import { PHOTOGRAPHS, type PhotographName, photographFile } from '@cuewire/bench/sample/photographs.js'
import { runFfmpeg } from '@cuewire/bench/sample/run-ffmpeg.js'
import { type ClipLine, type SpokenSentence, writeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'

/** A photograph, shown still unless it pans. */
export interface Scene {
  readonly photograph: PhotographName
  readonly seconds: number
  /** The camera moves over it, so that every frame that is sampled has to be analysed. */
  readonly pans?: boolean
}

export interface ClipScript {
  readonly scenes: readonly Scene[]
  /** Spoken one after another, from the start of the clip. */
  readonly lines: readonly ClipLine[]
}

export interface TalkingClip {
  readonly file: string
  /** Its sound alone, as a WAV file. */
  readonly soundFile: string
  readonly sentences: readonly SpokenSentence[]
}

/** A pause that ends a span of speech, however short that is. */
const PAUSE = 1.6
const GLACIER = { text: 'A slowly moving river of ice is called a glacier.', voice: 'slt' } as const
const BAKER = { text: 'The baker opens his shop at six in the morning.', voice: 'slt', pauseBefore: PAUSE } as const
const TRAIN = { text: 'The train leaves the station at noon.', voice: 'slt', pauseBefore: PAUSE } as const

const LINES = [GLACIER, BAKER, TRAIN]

/** 12 s with cuts at 4 and 8: sheep, a ferry with a man, and mountains that stand still. None is spoken of. */
export const SHORT_SCRIPT: ClipScript = {
  scenes: [
    { photograph: 'sheep in a field', seconds: 4, pans: true },
    { photograph: 'ferry', seconds: 4, pans: true },
    { photograph: 'alps', seconds: 4 },
  ],
  lines: LINES,
}

/** 15 s that move all the time: long enough to be killed in the middle. */
export const LONG_SCRIPT: ClipScript = {
  scenes: [
    { photograph: 'sheep in a field', seconds: 5, pans: true },
    { photograph: 'ferry', seconds: 5, pans: true },
    { photograph: 'ewe and lamb', seconds: 5, pans: true },
  ],
  lines: LINES,
}

const FRAMES_PER_SECOND = 12
/** Input options; without the pattern type a "%d" in the path would be read as a series of images. */
const PICTURE = ['-f', 'image2', '-pattern_type', 'none', '-framerate', String(FRAMES_PER_SECOND)]
const [WIDTH, HEIGHT] = [640, 360]
/** How much larger than the frame a photograph is that pans. */
const PAN_SCALE = 1.25

/** Makes an mp4 in a folder of the test, its scenes joined by hard cuts. */
export async function talkingClip(folder: string, { scenes, lines }: ClipScript): Promise<TalkingClip> {
  const soundFile = join(folder, 'speech.wav')
  const { sentences } = await writeSpeechClip(soundFile, lines)
  const duration = scenes.reduce((sum, { seconds }) => sum + seconds, 0)
  const spokenTo = sentences.at(-1)?.end ?? 0
  if (spokenTo > duration) throw new Error(`the sentences last ${spokenTo} s, the scenes ${duration} s`)
  const labels = scenes.map((_, i) => `[scene${i}]`).join('')
  const graph = [...scenes.map(chain), `${labels}concat=n=${scenes.length}[picture]`, `[${scenes.length}:a]apad[sound]`]
  await runFfmpeg(
    [
      ...scenes.flatMap(({ photograph }) => [...PICTURE, '-i', photographFile(PHOTOGRAPHS[photograph])]),
      ...['-i', 'speech.wav', '-filter_complex', graph.join(';'), '-map', '[picture]', '-map', '[sound]'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-t', String(duration)],
      ...['-movflags', '+faststart', 'talking.mp4'],
    ],
    { cwd: folder },
  )
  return { file: join(folder, 'talking.mp4'), soundFile, sentences }
}

/** The filters that turn the input of a scene into its frames. */
function chain({ photograph, seconds, pans = false }: Scene, index: number): string {
  const { crop } = PHOTOGRAPHS[photograph]
  const frames = seconds * FRAMES_PER_SECOND
  const scale = pans ? PAN_SCALE : 1
  const filters = [
    `crop=${crop.width}:${crop.height}:${crop.x}:${crop.y}`,
    `scale=${WIDTH * scale}:${HEIGHT * scale}:out_range=tv`,
    'format=yuv420p',
    'setsar=1',
    `loop=loop=${frames - 1}:size=1`,
    `setpts=N/(${FRAMES_PER_SECOND}*TB)`,
    `crop=${WIDTH}:${HEIGHT}:x='(iw-ow)*n/${frames}':y='(ih-oh)*n/${frames}'`,
  ]
  return `[${index}:v]${filters.join(',')}[scene${index}]`
}
