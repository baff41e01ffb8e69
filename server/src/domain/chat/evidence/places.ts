import { type Band, placeText, type Scene, type Video } from '@cuewire/protocol'
import { allItems } from '../../content/items.js'
import { type Evidence, type EvidenceStore, passage, type Scope, type UnnumberedPassage } from './evidence.js'

const LISTED = 12
const BANDS: readonly Band[] = ['high', 'medium', 'low']

/** A run of neighbouring shots of one place. */
interface Stay {
  readonly text: string
  readonly band: Band
  readonly start: number
  readonly end: number
}

/** The kinds of place that the videos show, in order of time; of very many the longest. */
export async function placeEvidence(store: EvidenceStore, scope: Scope): Promise<Evidence> {
  const passages: UnnumberedPassage[] = []
  for (const video of scope.videos) passages.push(...(await placesOf(store, video)))
  if (passages.length === 0) return { abstain: { code: 'no_places' } }
  // A list is only as sure as all of it.
  const worst = Math.max(...passages.map(({ band = 'low' }) => BANDS.indexOf(band)))
  return { passages, confidence: BANDS[worst] ?? 'low' }
}

async function placesOf(store: EvidenceStore, video: Video): Promise<UnnumberedPassage[]> {
  const scenes = await allItems(store.content, video.id, 'scenes')
  return longest(staysOf(scenes)).map(({ band, ...stay }) => ({ ...passage(video, 'scene', stay), band }))
}

function staysOf(scenes: readonly Scene[]): Stay[] {
  const stays: Stay[] = []
  for (const scene of scenes) {
    if (scene.place === 'unknown') continue
    const { start, end, band } = scene
    const text = placeText(scene)
    const last = stays.at(-1)
    const isSame = last?.text === text && last.end === start
    if (!isSame) stays.push({ text, band, start, end })
    else stays[stays.length - 1] = { text, start: last.start, end, band: lessSure(last.band, band) }
  }
  return stays
}

const lessSure = (a: Band, b: Band) => (BANDS.indexOf(a) > BANDS.indexOf(b) ? a : b)

function longest(stays: readonly Stay[]): Stay[] {
  return [...stays]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .slice(0, LISTED)
    .sort((a, b) => a.start - b.start)
}
