import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { connect } from '@cuewire/client'
import type { Place, Scene } from '@cuewire/protocol'
import { cameraMotion, type Motion } from '@cuewire/server/domain/processing/scenes/camera-motion.js'
import { MotionWatch } from '@cuewire/server/domain/processing/scenes/motion-watch.js'
import { pictureStatistics } from '@cuewire/server/domain/processing/scenes/picture-statistics.js'
import { placeOf } from '@cuewire/server/domain/processing/scenes/place-of-shot.js'
import sharp from 'sharp'
import { seededRandom } from '../lib/seeded-random.js'
import { withServer } from '../lib/server-process.js'
import { PEERS } from '../peers/peers.js'
import type { PhotographName } from '../sample/photographs.js'
import type { Measure, MeasureOptions, Row } from './measure.js'
import { rawFrames } from './montage/raw-frames.js'
import { drawScenery } from './montage/scenery.js'
import { processFile } from './process-file.js'
import { CLIP_RATE, cameraClips, makeCameraClip } from './scenes/camera-clips.js'
import { drawCartoon } from './scenes/draw-cartoon.js'
import { LABELLED_PLACES } from './scenes/labelled-places.js'
import { drawSlide } from './slides/draw-slide.js'
import { DEVELOPMENT_FONTS, type Font, HELD_OUT_FONTS } from './slides/fonts.js'
import { randomSlide } from './slides/slide.js'

const MEDIA = resolve('../shared/media')
const DRAWN = 40
const SCENERY = { width: 640, height: 360 }
const PICTURE = { width: 416, height: 312 }
const JPEG_QUALITY = 70
const TINY = { width: 64, height: 36 }
/** Share of the picture from which something is said to move. */
const MOVES = 0.01

interface Set {
  readonly seed: number
  readonly fonts: readonly Font[]
  readonly photographs: readonly PhotographName[]
}

/** Thresholds were chosen on the first set alone. */
const SETS: Readonly<Record<string, Set>> = {
  development: { seed: 1, fonts: DEVELOPMENT_FONTS, photographs: ['sheep in a field'] },
  'held out': { seed: 7001, fonts: HELD_OUT_FONTS, photographs: ['river boats', 'alps'] },
}

/** Places of drawn pictures and of recordings, and motions of the camera over photographs. */
export const scenes: Measure = async options => {
  const rows: Row[] = []
  for (const [set, inputs] of Object.entries(SETS)) {
    rows.push(...(await drawnPlaces(set, inputs, options)))
    rows.push(...(await motions(set, inputs, options)))
  }
  return { rows: [...rows, ...(await recordings(options))] }
}

async function drawnPlaces(set: string, { seed, fonts }: Set, { signal, progress }: MeasureOptions): Promise<Row[]> {
  const random = seededRandom(seed)
  const scenery = async () => {
    const { width, height, data } = drawScenery(SCENERY, random)
    return await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer()
  }
  const kinds: readonly (readonly [string, Place, () => Promise<Buffer>])[] = [
    ['drawn slides', 'slide', () => drawSlide(randomSlide(random, fonts))],
    ['drawn cartoons', 'drawing', () => drawCartoon(random)],
    ['pictures like photographs, of nothing', 'unknown', scenery],
  ]
  const rows: Row[] = []
  for (const [what, truth, draw] of kinds) {
    progress(`${set}, ${what}`)
    const found: Place[] = []
    for (let at = 0; at < DRAWN; at += 1) {
      signal.throwIfAborted()
      found.push(placeOf(pictureStatistics(await seenPicture(await draw())), []).place)
    }
    rows.push({ set, what: `place, ${what}`, found: tally(found, truth), target: truth === 'unknown' ? '40' : '>= 36' })
  }
  return rows
}

/** The picture as the stage gets it, after lossy compression. */
async function seenPicture(png: Buffer) {
  const jpeg = await sharp(png).removeAlpha().jpeg({ quality: JPEG_QUALITY }).toBuffer()
  const { width, height } = PICTURE
  const data = await sharp(jpeg).resize(width, height, { fit: 'fill' }).toColourspace('srgb').raw().toBuffer()
  return { width, height, data }
}

/** How many are right, how many are unknown, and what the others are taken for. */
function tally(found: readonly Place[], truth: Place): string {
  const count = (place: Place) => found.filter(each => each === place).length
  const others = [...new Set(found)].filter(place => place !== truth).map(place => `${count(place)} ${place}`)
  return `${count(truth)} of ${found.length}${others.length > 0 ? ` (${others.join(', ')})` : ''}`
}

async function motions(set: string, { seed, photographs }: Set, { signal, progress }: MeasureOptions): Promise<Row[]> {
  const random = seededRandom(seed)
  const clips = photographs.flatMap(photograph => cameraClips(photograph, random))
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-quality-'))
  const wrong: string[] = []
  let movingWrong = 0
  try {
    for (const clip of clips) {
      progress(`${set}, ${clip.camera} over ${clip.photograph}`)
      const { camera, moving } = await motionOf(await makeCameraClip(clip, folder, signal), signal)
      if (camera !== clip.camera) wrong.push(`${camera} for ${clip.camera}`)
      if (moving >= MOVES !== clip.hasBox) movingWrong += 1
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const right = `${clips.length - wrong.length} of ${clips.length}`
  const found = wrong.length > 0 ? `${right} (${wrong.join(', ')})` : right
  return [
    { set, what: 'motion of the camera', found, target: '>= 0.9' },
    { set, what: 'whether things move', found: `${clips.length - movingWrong} of ${clips.length}`, target: '>= 0.9' },
  ]
}

async function motionOf(file: string, signal: AbortSignal): Promise<Motion> {
  const scale = `scale=${TINY.width}:${TINY.height}:flags=area`
  const frames = await rawFrames(['-i', file, '-vf', scale], { ...TINY, signal })
  const watch = new MotionWatch()
  return cameraMotion(frames.flatMap((data, frame) => watch.push(frame / CLIP_RATE, data) ?? []))
}

/** The places of shots that were labelled by looking at them. */
async function recordings({ signal, progress }: MeasureOptions): Promise<Row[]> {
  const set = 'recordings'
  const absent = LABELLED_PLACES.find(({ file }) => !existsSync(resolve(MEDIA, file)))
  if (absent) return [{ set, what: 'place', found: `skipped: ${resolve(MEDIA, absent.file)} is not there` }]
  const told: { readonly scene: Scene; readonly right: readonly Place[]; readonly name: string }[] = []
  await withServer({ command: PEERS.cuewire.command, signal }, async ({ port }) => {
    const client = await connect(`ws://127.0.0.1:${port}`)
    for (const { file, shots } of LABELLED_PLACES) {
      progress(file)
      const { video } = await processFile(client, resolve(MEDIA, file))
      const { scenes: found } = await client.scenes.get({ videoId: video.id, limit: 200 })
      for (const { at, places } of shots) {
        const scene = found.find(({ start, end }) => at >= start && at < end)
        if (scene) told.push({ scene, right: places, name: `${file} at ${at} s` })
      }
    }
    await client.close()
  })
  const known = told.filter(({ scene }) => scene.place !== 'unknown')
  const wrong = known.filter(({ scene, right }) => !right.includes(scene.place))
  const names = wrong.map(({ scene, name }) => `${name}: ${scene.place}, ${scene.band}`)
  const named = names.length > 0 ? ` (${names.join('; ')})` : ''
  return [
    { set, what: 'place, right of those told', found: `${known.length - wrong.length} of ${known.length}${named}` },
    { set, what: 'place unknown', found: `${told.length - known.length} of ${told.length}` },
  ]
}
