import type { CameraMotion } from '@cuewire/protocol'
import { PHOTOGRAPHS, type PhotographName, photographFile } from '../../sample/photographs.js'
import { runFfmpeg } from '../../sample/run-ffmpeg.js'
import type { Random } from '../slides/words.js'

export const CLIP_RATE = 25
const SECONDS = 2
/** The photograph is larger than the picture by this factor, so that the camera can move over it. */
const ROOM = { width: 1024, height: 576 }
const PICTURE = { width: 640, height: 360 }

/** A clip, and how its camera moves. */
export interface CameraClip {
  readonly camera: CameraMotion
  readonly photograph: PhotographName
  /** Filters that make it of the photograph, which is ROOM large. */
  readonly filters: string
  /** A box that moves in front of it. */
  readonly hasBox: boolean
}

/** A clip of each kind of motion over one photograph, with speeds and phases by chance. */
export function cameraClips(photograph: PhotographName, random: Random): CameraClip[] {
  const between = (from: number, to: number) => (from + (to - from) * random()).toFixed(4)
  const crop = (x: string, y: string) => `crop=${PICTURE.width}:${PICTURE.height}:'${x}':'${y}'`
  const centre = crop('192', '108')
  const pan = () => between(20, 130)
  const tilt = () => between(15, 80)
  const tremble = (size: number) => {
    const wave = () => `${between(0.4 * size, size)}*sin(t*${between(12, 25)}+${between(0, 6)})`
    return crop(`192+${wave()}+${wave()}`, `108+${wave()}+${wave()}`)
  }
  const zoom = (z: string) =>
    // Twice as large, because zoompan moves by whole pixels.
    `scale=${2 * ROOM.width}:${2 * ROOM.height},zoompan=z='${z}':x='iw/2-(iw/zoom/2)':y='ih/2-(ih/zoom/2)':d=1:s=${PICTURE.width}x${PICTURE.height}:fps=${CLIP_RATE}`
  const step = () => between(0.001, 0.004)
  const clip = (camera: CameraMotion, filters: string, hasBox = false) => ({ camera, photograph, filters, hasBox })
  return [
    clip('still', centre),
    clip('still', `${centre},noise=alls=10:allf=t`),
    clip('still', `${centre},eq=brightness='0.1*t-0.1':eval=frame`),
    clip('still', centre, true),
    clip('pan right', crop(`10+${pan()}*t`, '108')),
    clip('pan left', crop(`370-${pan()}*t`, '108')),
    clip('tilt down', crop('192', `10+${tilt()}*t`)),
    clip('tilt up', crop('192', `200-${tilt()}*t`)),
    clip('zoom in', zoom(`1+${step()}*on`)),
    clip('zoom out', zoom(`1.3-${step()}*on`)),
    clip('shake', tremble(7)),
    clip('shake', tremble(3)),
    clip(
      'pan right',
      crop(`10+${between(40, 130)}*t+${between(1, 2.5)}*sin(t*${between(12, 25)})`, `108+1.5*sin(t*19)`),
    ),
  ]
}

/** Encodes a clip as H.264 and gives its path. */
export async function makeCameraClip(clip: CameraClip, folder: string, signal: AbortSignal): Promise<string> {
  const photograph = PHOTOGRAPHS[clip.photograph]
  const { width, height, x, y } = photograph.crop
  const ground = `[0]crop=${width}:${height}:${x}:${y},scale=${ROOM.width}:${ROOM.height},${clip.filters},setsar=1`
  const box = `[g];[g][1]overlay=x='50+110*t':y=130`
  const file = 'clip.mp4'
  await runFfmpeg(
    [
      ...['-y', '-loop', '1', '-framerate', String(CLIP_RATE), '-t', String(SECONDS), '-i', photographFile(photograph)],
      ...['-f', 'lavfi', '-i', `color=red:size=90x80:rate=${CLIP_RATE}:duration=${SECONDS}`],
      ...['-filter_complex', `${ground}${clip.hasBox ? box : ''}`, '-t', String(SECONDS)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-pix_fmt', 'yuv420p', file],
    ],
    { cwd: folder, signal },
  )
  return `${folder}/${file}`
}
