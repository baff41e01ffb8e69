import type { MediaInfo } from '@cuewire/protocol'
import type { MediaTools } from '@cuewire/server/media/media-tools.js'
import sharp from 'sharp'
import type { Test } from 'tap'

/** The picture of the grey films. */
export const VIDEO = { codec: 'h264', width: 320, height: 180, rotation: 0 }
/** A description of a film that lasts so long. */
export const lasting = (duration: number, video = VIDEO): MediaInfo => ({
  container: 'mp4',
  duration,
  video,
  subtitles: [],
  chapters: [],
})
/** Frame n is a grey of 4 n, and one key frame begins each two seconds. */
export const grey = (seconds: number, rate = 25): string[] => [
  // Enlarged afterwards: `geq` works out each pixel for itself.
  ...['-f', 'lavfi', '-i', `color=black:s=32x18:r=${rate}:d=${seconds}`],
  ...['-vf', "format=gray,geq=lum='4*mod(N,64)',scale=320:180"],
  ...['-c:v', 'libx264', '-g', `${2 * rate}`, '-crf', '10', '-bf', '2', '-pix_fmt', 'yuvj420p'],
]
const levelOf = async (jpeg: Uint8Array) => (await sharp(jpeg).stats()).channels[0]?.mean ?? Number.NaN

/** Looks at the stills of films. */
export function stillsWith(media: Pick<MediaTools, 'stills'>) {
  /** The pictures that one pass makes, by their times. */
  async function pictures(
    file: string,
    info: MediaInfo,
    { times, width = 160 }: { times: readonly number[]; width?: number },
  ): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>()
    await media.stills(file, info, { times, width, picture: (at, jpeg) => void found.set(at, jpeg) })
    return found
  }

  /** At each time, the number of the grey frame that has to be on the screen; some are asked for alone, too. */
  async function shows(
    t: Test,
    file: string,
    { info, frames }: { info: MediaInfo; frames: readonly (readonly [at: number, frame: number])[] },
  ): Promise<void> {
    const together = await pictures(file, info, { times: frames.map(([at]) => at) })
    t.equal(together.size, frames.length)
    for (const [at, frame] of frames) {
      const level = await levelOf(together.get(at) ?? Buffer.alloc(0))
      t.ok(Math.abs(level - (frame % 64) * 4) < 2.5, `${at} s shows frame ${frame}: ${level} is ${(frame % 64) * 4}`)
    }
    for (const [at] of frames.filter((_, i) => i % Math.ceil(frames.length / 8) === 0)) {
      t.strictSame(await pictures(file, info, { times: [at] }), new Map([[at, together.get(at)]]), `${at} s alone`)
    }
  }
  return { pictures, shows }
}
