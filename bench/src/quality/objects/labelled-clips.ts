/** Label and box of an object: left, top, width, height in fractions of the picture. */
export type LabelledObject = readonly [label: string, x: number, y: number, width: number, height: number]

/** A clip of which some frames were labelled by hand, to a twentieth of the picture. */
export interface LabelledClip {
  readonly file: string
  /** Of the file that was labelled, in hex. */
  readonly sha256: string
  /** All COCO labels that something in the clip can rightly be given. */
  readonly labels: readonly string[]
  /** By time in seconds. */
  readonly frames: Readonly<Record<string, readonly LabelledObject[]>>
}

const left: LabelledObject = ['bottle', 0.09, 0.3, 0.1, 0.57]
const middle: LabelledObject = ['bottle', 0.45, 0.3, 0.1, 0.57]
const right: LabelledObject = ['bottle', 0.79, 0.3, 0.1, 0.57]

/** Recordings that are not part of the project. */
export const LABELLED_CLIPS: readonly LabelledClip[] = [
  {
    file: 'car-detection.mp4',
    sha256: 'd31e0ebf194cc16e50eea784e7c3b0b1bb7976a4fb9b3fec26cb92a6704cca34',
    labels: ['car'],
    frames: {
      2: [],
      6: [['car', 0.36, 0.22, 0.22, 0.63]],
      7: [['car', 0.36, 0, 0.17, 0.43]],
      8: [['car', 0.37, 0, 0.14, 0.11]],
      16: [
        ['car', 0.13, 0.06, 0.2, 0.66],
        ['car', 0.41, 0.41, 0.22, 0.59],
      ],
      17: [
        ['car', 0.08, 0.43, 0.23, 0.57],
        ['car', 0.41, 0.1, 0.19, 0.56],
      ],
      18.5: [['car', 0.4, 0, 0.15, 0.12]],
      26: [['car', 0.18, 0, 0.22, 0.59]],
      29: [],
    },
  },
  {
    file: 'bottle-detection.mp4',
    sha256: 'd52ba94aedf8a923c342fe9ea1d2bd85f712c4cc0f49a6de1bac43eebe3a48ff',
    labels: ['bottle', 'person', 'dining table'],
    frames: { 2: [left, middle, right], 18: [right] },
  },
  {
    file: 'mdn_frog.mp4',
    sha256: '9380022d01c82e15653c4dfde3c079d0c54533959b2c115a756ee91fa8de5de6',
    labels: [],
    frames: { 1: [], 3: [], 5: [] },
  },
  {
    file: 'derived_person-with-speech.mp4',
    sha256: '1e9965ef1fbf642baa51385f978535f530f614e954fac34fb967b49e2e1b2fbc',
    labels: ['person', 'tv'],
    frames: { 2: [['person', 0.5, 0.03, 0.17, 0.88]], 6: [['person', 0.5, 0.03, 0.17, 0.88]] },
  },
  {
    file: 'derived_four-scenes.mp4',
    sha256: '3b1578298e86948222e85733759bdee5ef690fa98f64788d37951f685fd8b3d8',
    labels: ['bottle', 'person', 'dining table', 'tv', 'car', 'truck', 'dog', 'bicycle'],
    frames: {
      2: [left, middle, right],
      6: [['person', 0.5, 0.03, 0.17, 0.88]],
      14: [
        ['dog', 0.25, 0.38, 0.19, 0.56],
        ['bicycle', 0.25, 0.23, 0.43, 0.51],
        ['car', 0.58, 0.12, 0.23, 0.18],
      ],
    },
  },
]
