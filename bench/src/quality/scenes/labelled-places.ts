import type { Place } from '@cuewire/protocol'

/** A recording of which some moments were labelled by looking at them. */
interface LabelledPlaces {
  readonly file: string
  /** At a second, the places that can rightly be told. */
  readonly shots: readonly { readonly at: number; readonly places: readonly Place[] }[]
}

/** Recordings that are not part of the project. */
export const LABELLED_PLACES: readonly LabelledPlaces[] = [
  { file: 'bottle-detection.mp4', shots: [{ at: 3, places: ['indoor', 'kitchen'] }] },
  { file: 'car-detection.mp4', shots: [{ at: 7, places: ['street', 'outdoor'] }] },
  { file: 'mdn_frog.mp4', shots: [{ at: 2, places: ['indoor'] }] },
  { file: 'derived_person-with-speech.mp4', shots: [{ at: 4, places: ['indoor', 'office'] }] },
  {
    file: 'derived_four-scenes.mp4',
    shots: [
      { at: 2, places: ['indoor', 'kitchen'] },
      { at: 6, places: ['indoor', 'office'] },
      { at: 10, places: ['street', 'outdoor'] },
      { at: 14, places: ['outdoor', 'street'] },
    ],
  },
]
