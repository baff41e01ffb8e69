import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createModels } from '@cuewire/server/models/create-models.js'
import type { ImageTextEncoder, RgbImage } from '@cuewire/server/models/models.js'
import { packId } from '@cuewire/server/models/pack.js'
import { packsFor } from '@cuewire/server/models/registry.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import sharp from 'sharp'
import { modelsFolder } from '../lib/models-folder.js'
import { PHOTOGRAPHS, photographFile } from '../sample/photographs.js'
import type { MeasureOptions, Row } from './measure.js'

interface Captioned {
  readonly file: string
  /** The part shown, in pixels of the image. @default all of it */
  readonly crop?: { readonly width: number; readonly height: number; readonly x: number; readonly y: number }
  /** The right one of the captions. */
  readonly caption: string
}

const SHEEP = 'some sheep in a field'
const BOATS = 'boats on a river'
const DOG = 'a dog next to a bicycle'
const CAT = "a cat's face"
const OURS: Readonly<Record<keyof typeof PHOTOGRAPHS, string>> = {
  'ewe and lamb': SHEEP,
  'sheep in a field': SHEEP,
  'river boats': BOATS,
  ferry: BOATS,
  alps: 'a valley with a mountain',
}
const MEDIA = resolve('../shared/media/images')
const SHARED = { 'dog.jpg': DOG, 'chelsea.png': CAT }
/** Captions of none of the photographs. */
const OTHERS = [
  ...['a red car on a street', 'a cup of coffee on a table', 'a bottle of wine', 'an airplane in the sky'],
  ...['a train at a station', 'a bowl of soup', 'a computer keyboard', 'a piano in a hall', 'a pizza with cheese'],
  ...['a horse in a stable', 'an elephant', 'a spider on a leaf', 'a church with a bell', 'a bookcase in a library'],
  ...['a volcano', 'a soccer ball'],
]
const DEPTHS = [1, 5] as const

/** How often the right caption of a photograph is among the nearest ones, with each image-text pack that is installed. */
export async function pictureRows({ signal, progress }: MeasureOptions): Promise<Row[]> {
  const dir = modelsFolder()
  const photographs = captioned()
  const captions = [...new Set([...Object.values(OURS), ...Object.values(SHARED), ...OTHERS])]
  const set = `${photographs.length} photographs, development`
  const rows: Row[] = []
  for (const pack of packsFor('image-text')) {
    const status = await checkPack(dir, pack)
    if (status.state !== 'ready') {
      const found = `skipped: ${status.reason}; run \`${status.command}\``
      rows.push({ set, what: `R@1 / R@5 of captions, ${packId(pack)}`, found })
      continue
    }
    progress(packId(pack))
    const models = createModels({ dir, chosen: { 'image-text': pack.name } })
    try {
      const found = await shares(await models.imageText(), { photographs, captions, signal })
      const random = DEPTHS.map(depth => (depth / captions.length).toFixed(2)).join(' / ')
      rows.push({ set, what: `R@1 / R@5 of captions, ${packId(pack)}`, found, baselines: `random ${random}` })
    } finally {
      await models.close()
    }
  }
  return rows
}

function captioned(): Captioned[] {
  const ours = Object.entries(PHOTOGRAPHS).map(([name, photograph]) => ({
    file: photographFile(photograph),
    crop: photograph.crop,
    caption: OURS[name as keyof typeof OURS],
  }))
  const shared = Object.entries(SHARED).flatMap(([name, caption]) => {
    const file = resolve(MEDIA, name)
    return existsSync(file) ? { file, caption } : []
  })
  return [...ours, ...shared]
}

interface Task {
  readonly photographs: readonly Captioned[]
  readonly captions: readonly string[]
  readonly signal: AbortSignal
}

async function shares(encoder: ImageTextEncoder, { photographs, captions, signal }: Task): Promise<string> {
  const vectors: Float32Array[] = []
  for (const caption of captions) vectors.push(await encoder.encodeText(caption, signal))
  const ranks: number[] = []
  for (const { caption, ...picture } of photographs) {
    const vector = await encoder.encodeImage(await read(picture, encoder), signal)
    const scores = vectors.map(other => vector.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0))
    const right = scores[captions.indexOf(caption)] ?? 0
    ranks.push(scores.filter(score => score > right).length)
  }
  return DEPTHS.map(depth => (ranks.filter(rank => rank < depth).length / ranks.length).toFixed(2)).join(' / ')
}

async function read({ file, crop }: Omit<Captioned, 'caption'>, encoder: ImageTextEncoder): Promise<RgbImage> {
  const image = sharp(file)
  if (crop) image.extract({ left: crop.x, top: crop.y, width: crop.width, height: crop.height })
  const data = await image
    .resize({ ...encoder.input, fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer()
  return { ...encoder.input, data }
}
