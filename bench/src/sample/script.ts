import type { PhotographName } from './photographs.js'
import type { Voice } from './speak.js'

/** What is seen while the next `sentences` sentences of the topic are spoken. */
export type ScriptShot = {
  readonly sentences: number /** Dissolves in, instead of a cut. */
  readonly dissolve?: true
} & (
  | { readonly picture: 'title' }
  | { readonly picture: 'key-points' }
  | { readonly picture: 'photograph'; readonly photograph: PhotographName }
)

export interface ScriptTopic {
  readonly title: string
  readonly subtitle: string
  readonly voice: Voice
  readonly sentences: readonly string[]
  readonly keyPoints: readonly string[]
  /** Their sentence counts add up to the topic's sentences. */
  readonly shots: readonly ScriptShot[]
}

/** The story of the sample video: three topics that share as few words as they can. */
export const TOPICS: readonly ScriptTopic[] = [
  {
    title: 'Sheep and Wool',
    subtitle: 'From the pasture to a warm blanket',
    voice: 'slt',
    sentences: [
      'Let us begin on the farm, where a flock of sheep grazes on the grass.',
      'Every spring the lambs are born, and they drink milk from their mothers.',
      'A shepherd guards the animals and moves them to fresh pasture.',
      'Farmers cut the wool once a year, when the summer begins.',
      'The softest fleece grows on the shoulders and along the sides.',
      'It is washed with plenty of soap to remove the grease and the dirt.',
      'Then the clean wool is combed, spun into yarn, and knitted into blankets and hats.',
    ],
    keyPoints: ['Lambs are born in spring', 'Wool is cut once a year', 'Wash, comb, spin, knit'],
    shots: [
      { picture: 'title', sentences: 1 },
      { picture: 'photograph', photograph: 'ewe and lamb', sentences: 2 },
      { picture: 'photograph', photograph: 'sheep in a field', sentences: 2 },
      { picture: 'key-points', sentences: 2 },
    ],
  },
  {
    title: 'Boats in the Harbor',
    subtitle: 'How a sailing boat moves, steers and stops',
    voice: 'rms',
    sentences: [
      'Now we turn to the harbor, where wooden boats rest beside the shore.',
      'A sailing boat has no engine, because the wind pushes it forward.',
      'A tall mast holds up the sail, and many ropes keep it in place.',
      'The sailor turns the rudder to steer the boat to the left or right.',
      'A heavy iron anchor stops the boat from drifting away at night.',
      'When the tide goes out, the smallest boats settle gently on the mud.',
    ],
    keyPoints: ['The wind pushes the boat', 'The rudder steers it', 'The anchor holds it'],
    shots: [
      { picture: 'title', sentences: 1 },
      { picture: 'photograph', photograph: 'river boats', sentences: 2 },
      { picture: 'photograph', photograph: 'ferry', sentences: 1, dissolve: true },
      { picture: 'key-points', sentences: 2 },
    ],
  },
  {
    title: 'Glaciers and Mountains',
    subtitle: 'How ice carves a valley',
    voice: 'slt',
    sentences: [
      'Finally we climb into the high mountains, where the snow never melts.',
      'Each winter adds another layer, and the weight presses the snow into solid ice.',
      'A slowly moving river of ice is called a glacier.',
      'Stones frozen inside it grind the rock below like sandpaper.',
      'Over thousands of years, a glacier carves a deep valley with steep walls.',
      'When the climate becomes warmer, the ice retreats and leaves a blue lake behind.',
    ],
    keyPoints: ['Snow is pressed into ice', 'Frozen stones grind the rock', 'A deep valley remains'],
    shots: [
      { picture: 'title', sentences: 1 },
      { picture: 'photograph', photograph: 'alps', sentences: 3 },
      { picture: 'key-points', sentences: 2 },
    ],
  },
]

/** Questions for the demo; `topicIndex` is the topic that answers, null where the video holds no answer. */
export const QUESTIONS: readonly { readonly question: string; readonly topicIndex: number | null }[] = [
  { question: 'When do farmers cut the wool?', topicIndex: 0 },
  { question: 'What stops the boat from drifting away?', topicIndex: 1 },
  { question: 'What carves a deep valley with steep walls?', topicIndex: 2 },
  { question: 'Who won the football world cup?', topicIndex: null },
]

/** A search that the topic `topicIndex` answers, in picture and in words. */
export const SEARCH = { query: 'boat with a sail', topicIndex: 1 } as const
