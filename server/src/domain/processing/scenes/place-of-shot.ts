import type { Place, PlaceReason, Scene } from '@cuewire/protocol'
import type { PictureStatistics } from './picture-statistics.js'
import { PLACE_OBJECTS } from './place-objects.js'
import type { ShotLabel } from './shot-labels.js'

/** One piece of evidence: how strongly it speaks for some places, and what was seen. */
interface Evidence {
  readonly code: PlaceReason
  readonly seen: string
  readonly weights: Readonly<Partial<Record<Place, number>>>
}

/** Sum of weights from which a place is named, and from which it is called probable or certain. */
const BANDS = { low: 1, medium: 1.7, high: 2.5 }
/** A place must outweigh one of another setting by this much. */
const LEAST_MARGIN = 0.5

/** Drawn pictures: found on drawn slides and cartoons, beside photographs and frames of recordings. */
const DRAWN = { groundSpread: 2.6, mainColours: 0.84, soft: 0.15, steps: 0.008 }
/** The ground of a cartoon is smaller. */
const FLAT_GROUND = 0.8
/** Text has several edges in each of its cells; outlines have one. More of it is needed over a photograph, which is then shaded. */
const TEXT = { cells: 0.05, stepsPerCell: 0.17, ground: 0.4, overPhotograph: { cells: 0.1, mainColours: 0.77 } }
const BLANK = { ground: 0.97, steps: 0.002 }
const SKY = 0.15
const GREENERY = { some: 0.1, much: 0.3 }
/** Share of the picture of a person close up. */
const CLOSE_UP = { medium: 0.25, high: 0.4 }
/** A label counts fully from this share of the frames on, and from this confidence on. */
const FULL_FRAMES = 0.5
const FULL_CONFIDENCE = 0.6
const LEAST_FRAMES = 0.2
/** Most objects named as a reason. */
const NAMED = 6

const SETTINGS = {
  indoor: ['office', 'kitchen', 'living room', 'bedroom', 'bathroom'],
  outdoor: ['street', 'nature', 'water', 'snow'],
} as const satisfies Partial<Record<Place, readonly Place[]>>

/** The kind of place that the evidence of a shot speaks for; `unknown`, of band `low`, if it does not suffice. */
export function placeOf(
  statistics: PictureStatistics,
  labels: readonly ShotLabel[],
): Pick<Scene, 'place' | 'band' | 'why'> {
  const evidence = [...pictureEvidence(statistics), ...objectEvidence(labels)]
  const score = (place: Place) => evidence.reduce((sum, { weights }) => sum + (weights[place] ?? 0), 0)
  const candidates = (['slide', 'drawing', 'people'] as const).map(place => ({ place, weight: score(place) }))
  const settings = Object.entries(SETTINGS).map(([setting, places]) =>
    bestOf(setting as keyof typeof SETTINGS, places, score),
  )
  const ranked = [...candidates, ...settings].sort((a, b) => b.weight - a.weight)
  const [best, second] = ranked
  if (!best || best.weight < BANDS.low) return { place: 'unknown', band: 'low', why: blankReason(evidence) }
  const margin = best.weight - (second?.weight ?? 0)
  if (margin < LEAST_MARGIN && !isCompatible(best.place, second?.place))
    return { place: 'unknown', band: 'low', why: reasons(evidence) }
  const why = evidence.filter(({ weights }) => Object.keys(weights).some(place => supports(place as Place, best.place)))
  // A single piece of evidence is never certain.
  const isCertain = best.weight >= BANDS.high && why.length > 1
  const band = isCertain ? 'high' : best.weight >= BANDS.medium ? 'medium' : 'low'
  return { place: best.place, band, why: reasons(why) }
}

/** A setting with the place in it that is known best, if one suffices; every place in a setting speaks for it. */
function bestOf(setting: 'indoor' | 'outdoor', places: readonly Place[], score: (place: Place) => number) {
  const general = score(setting)
  const [best = { place: setting as Place, weight: 0 }] = places
    .map(place => ({ place, weight: score(place) }))
    .sort((a, b) => b.weight - a.weight)
  const weight = general + places.reduce((sum, place) => sum + score(place), 0)
  return best.weight >= BANDS.low
    ? { place: best.place, weight: best.weight + general / 2 }
    : { place: setting as Place, weight }
}

/** People close up may be anywhere. */
const isCompatible = (place: Place, other: Place | undefined) => place === 'people' || other === 'people'

function supports(place: Place, found: Place): boolean {
  if (place === found) return true
  const setting = Object.entries(SETTINGS).find(([name, places]) => [name, ...places].includes(found))
  if (!setting) return false
  const [name, places] = setting
  return place === name || (found === name && (places as readonly string[]).includes(place))
}

function pictureEvidence(statistics: PictureStatistics): Evidence[] {
  const { ground, groundSpread, mainColours, soft, steps, text, sky, greenery } = statistics
  const found: Evidence[] = []
  if (ground >= BLANK.ground && steps < BLANK.steps) {
    return [{ code: 'blank', seen: `one colour, ${percent(ground)} of the picture`, weights: {} }]
  }
  const isDrawn = groundSpread <= DRAWN.groundSpread && mainColours >= DRAWN.mainColours && soft <= DRAWN.soft
  const isFlat = isDrawn && ground >= FLAT_GROUND
  const isText =
    text >= (isDrawn ? TEXT.cells : TEXT.overPhotograph.cells) &&
    steps >= TEXT.stepsPerCell * text &&
    ground >= TEXT.ground &&
    (isDrawn || mainColours >= TEXT.overPhotograph.mainColours)
  if (isFlat) found.push({ code: 'flat_ground', seen: `${percent(ground)} of the picture`, weights: { slide: 1 } })
  if (isText) found.push({ code: 'text_lines', seen: `${percent(text)} of the picture`, weights: { slide: 1.2 } })
  if (isDrawn && steps >= DRAWN.steps) {
    const seen = `${percent(mainColours)} of the picture in eight colours`
    found.push({ code: 'few_colours', seen, weights: isFlat || isText ? { slide: 0.8 } : { drawing: 1 } })
    if (!isFlat && !isText)
      found.push({ code: 'sharp_edges', seen: `${percent(steps)} of the picture`, weights: { drawing: 0.9 } })
  }
  // A drawn sky or meadow is no evidence of a real one.
  if (isDrawn) return found
  if (sky >= SKY) found.push({ code: 'sky', seen: `${percent(sky)} of the picture`, weights: { outdoor: 1.2 } })
  if (greenery >= GREENERY.some) {
    const weights = greenery >= GREENERY.much ? { nature: 1.2, outdoor: 0.4 } : { outdoor: 1 }
    found.push({ code: 'greenery', seen: `${percent(greenery)} of the picture`, weights })
  }
  return found
}

function objectEvidence(labels: readonly ShotLabel[]): Evidence[] {
  const lasting = labels.filter(({ frames }) => frames >= LEAST_FRAMES)
  const found: Evidence[] = []
  const person = lasting.find(({ label }) => label === 'person')
  if (person && person.area >= CLOSE_UP.medium) {
    const seen = `${percent(person.area)} of the picture`
    found.push({ code: 'large_person', seen, weights: { people: person.area >= CLOSE_UP.high ? 2 : 1.4 } })
  }
  for (const label of lasting) {
    const weights = Object.entries(PLACE_OBJECTS[label.label] ?? {}).map(([place, weight]) => [
      place,
      weight * trust(label),
    ])
    if (weights.length > 0) found.push({ code: 'objects', seen: label.label, weights: Object.fromEntries(weights) })
  }
  return found
}

function trust({ frames, confidence }: ShotLabel): number {
  return Math.min(1, frames / FULL_FRAMES) * Math.min(1, confidence / FULL_CONFIDENCE)
}

/** What was seen, by code; objects are listed together. */
function reasons(evidence: readonly Evidence[]): Scene['why'] {
  const seen = new Map<PlaceReason, string[]>()
  for (const each of evidence) seen.set(each.code, [...(seen.get(each.code) ?? []), each.seen])
  return [...seen].map(([code, all]) => ({ code, seen: all.slice(0, NAMED).join(', ') }))
}

const blankReason = (evidence: readonly Evidence[]) => reasons(evidence.filter(({ code }) => code === 'blank'))
const percent = (share: number) => `${Math.round(100 * share)}%`
