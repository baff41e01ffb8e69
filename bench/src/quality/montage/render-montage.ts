import { dirname } from 'node:path'
import { runFfmpeg } from '../../sample/run-ffmpeg.js'
import type { Montage, MontageShot } from './montage.js'
import { mix, PICTURE_BYTES, SIZE } from './pixels.js'

// Half a frame at the highest rate: a time that is a frame's by its number belongs to that frame.
const NEAR = 1 / 120

/** Writes a montage to a video file (H.264, without sound). */
export async function renderMontage(montage: Montage, file: string, signal: AbortSignal): Promise<void> {
  const { rate, seconds, isVariable } = montage
  const count = Math.round(seconds * rate)
  function* frames() {
    for (let n = 0; n < count; n++) yield frameAt(montage, n / rate)
  }
  const size = `${SIZE.width}x${SIZE.height}`
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', `${rate}`, '-i', 'pipe:0']
  const dropped = isVariable ? ['-vf', 'select=gt(mod(n*7919\\,11)\\,3)', '-vsync', 'vfr'] : []
  const output = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-pix_fmt', 'yuv420p', '-y', file]
  await runFfmpeg([...input, ...dropped, ...output], { cwd: dirname(file), signal, input: frames() })
}

/** The frame of a montage at a time. */
export function frameAt({ shots, transitions }: Montage, at: number): Uint8Array {
  const index = shots.findIndex(({ end }, n) => at < Math.max(end, transitions[n]?.end ?? 0) - NEAR)
  const [shot, transition, next] = [shots[index], transitions[index], shots[index + 1]]
  if (!shot) throw new RangeError(`the montage has no frame at ${at} s`)
  if (!transition || !next || at < transition.start - NEAR || transition.type === 'cut') return pictureOf(shot, at)
  if (transition.type === 'dissolve') {
    const share = (at - transition.start) / (transition.end - transition.start)
    const weight = transition.isSmooth ? share * share * (3 - 2 * share) : share
    return mix(pictureOf(shot, at), pictureOf(next, at), weight)
  }
  const blank = new Uint8Array(PICTURE_BYTES).fill(transition.level)
  const goneAt = transition.start + transition.out
  const comesAt = transition.end - transition.in
  if (at < goneAt - NEAR) return mix(pictureOf(shot, at), blank, (at - transition.start) / transition.out)
  if (at < comesAt) return blank
  return mix(blank, pictureOf(next, at), (at - comesAt) / transition.in)
}

function pictureOf({ start, footage, distractor }: MontageShot, at: number): Uint8Array {
  const local = Math.max(0, at - start)
  const frame = footage.frame(local)
  return distractor?.change?.(frame, local) ?? frame
}
