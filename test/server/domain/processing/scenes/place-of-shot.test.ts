import { COLOURS, type Scene } from '@cuewire/protocol'
import type { PictureStatistics } from '@cuewire/server/domain/processing/scenes/picture-statistics.js'
import { placeOf } from '@cuewire/server/domain/processing/scenes/place-of-shot.js'
import type { ShotLabel } from '@cuewire/server/domain/processing/scenes/shot-labels.js'
import t from 'tap'

/** Like a photograph of nothing in particular. */
const PHOTOGRAPH: PictureStatistics = {
  ...{ luma: 120, light: 180, flat: 0.4, steps: 0.02, soft: 0.58, ground: 0.2, groundSpread: 5, mainColours: 0.4 },
  ...{ text: 0.05, sky: 0, greenery: 0, colours: COLOURS.map(() => 0) },
}
const seen = (label: string, confidence = 0.7, frames = 1): ShotLabel => ({ label, confidence, frames, area: 0.1 })

interface Case {
  readonly name: string
  readonly picture?: Partial<PictureStatistics>
  readonly labels?: readonly ShotLabel[]
  readonly place: Scene['place']
  readonly band: Scene['band']
}

const CASES: readonly Case[] = [
  { name: 'nothing telling', place: 'unknown', band: 'low' },
  { name: 'a car and a traffic light', labels: [seen('car'), seen('traffic light')], place: 'street', band: 'high' },
  { name: 'a car', labels: [seen('car')], place: 'street', band: 'low' },
  { name: 'a car that one frame in ten shows', labels: [seen('car', 0.7, 0.1)], place: 'unknown', band: 'low' },
  { name: 'a bottle', labels: [seen('bottle')], place: 'unknown', band: 'low' },
  { name: 'sheep below the sky', picture: { sky: 0.2 }, labels: [seen('sheep')], place: 'nature', band: 'medium' },
  { name: 'sky and grass', picture: { sky: 0.2, greenery: 0.15 }, place: 'outdoor', band: 'medium' },
  { name: 'a bed and a bus', labels: [seen('bed'), seen('bus')], place: 'unknown', band: 'low' },
  { name: 'an oven and a refrigerator', labels: [seen('oven'), seen('refrigerator')], place: 'kitchen', band: 'high' },
  { name: 'a person', labels: [{ ...seen('person'), area: 0.5 }], place: 'people', band: 'medium' },
]

for (const { name, picture, labels = [], place, band } of CASES)
  t.test(`${name}: ${place}`, async t => {
    t.match(placeOf({ ...PHOTOGRAPH, ...picture }, labels), { place, band })
  })

t.test('a place says why', async t => {
  const { why } = placeOf({ ...PHOTOGRAPH, sky: 0.21 }, [seen('boat'), seen('bottle'), seen('surfboard', 0.7, 0.1)])
  t.strictSame(why, [
    { code: 'sky', seen: '21% of the picture' },
    { code: 'objects', seen: 'boat' },
  ])
})
