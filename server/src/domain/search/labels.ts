import { tokenize } from '../text/language.js'

/** A word in a query that names something a detector can find. */
export interface LabelMention {
  /** COCO names; several when the word is a group ("animals"). */
  readonly labels: readonly string[]
  /** The words of the query, lower case. */
  readonly words: readonly string[]
}

/** The 80 COCO names, each with other words for the same thing. */
const NAMES = `
person: human, man, woman, boy, girl, child, kid, guy, lady, gentleman, pedestrian, someone, somebody, anyone, anybody, crowd, adult, baby
bicycle: bike, cycle, pushbike, cyclist
car: automobile, sedan, taxi, cab
motorcycle: motorbike, scooter, moped
airplane: plane, aeroplane, aircraft, jet, airliner
bus: coach, minibus
train: locomotive, tram, railway carriage
truck: lorry, pickup
boat: ship, vessel, sailboat, yacht, ferry, canoe, kayak
traffic light: stoplight, traffic signal
fire hydrant: hydrant
stop sign:
parking meter:
bench: park bench
bird: seagull, gull, pigeon, duck, goose, parrot, swan, eagle
cat: kitten, kitty
dog: puppy, pup, hound
horse: pony, foal
sheep: lamb, ram
cow: cattle, bull, calf, ox
elephant:
bear:
zebra:
giraffe:
backpack: rucksack
umbrella: parasol
handbag: purse
tie: necktie
suitcase: luggage, baggage
frisbee: flying disc
skis: ski
snowboard:
sports ball: ball, football, basketball, soccer ball
kite:
baseball bat:
baseball glove:
skateboard:
surfboard:
tennis racket: racket, racquet
bottle: flask
wine glass: goblet
cup: mug, teacup
fork:
knife:
spoon:
bowl:
banana:
apple:
sandwich:
orange:
broccoli:
carrot:
hot dog: hotdog
pizza:
donut: doughnut
cake:
chair: armchair, seat, stool
couch: sofa, settee
potted plant: houseplant, plant
bed:
dining table: table
toilet: lavatory
tv: television, telly, monitor, screen
laptop: notebook computer, computer
mouse: computer mouse
remote: remote control
keyboard:
cell phone: phone, mobile, mobile phone, cellphone, smartphone, telephone
microwave: microwave oven
oven:
toaster:
sink: washbasin
refrigerator: fridge
book:
clock:
vase:
scissors:
teddy bear: teddy, soft toy
hair drier: hairdryer, hair dryer
toothbrush:
`

/** Words for many labels at once, after COCO's own supercategories. */
const GROUPS = `
animal: bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe
pet: cat, dog
livestock: horse, sheep, cow
vehicle: bicycle, car, motorcycle, airplane, bus, train, truck, boat
traffic: car, motorcycle, bus, truck, traffic light, stop sign
furniture: chair, couch, bed, dining table
food: banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake
fruit: banana, apple, orange
vegetable: broccoli, carrot
electronics: tv, laptop, mouse, remote, keyboard, cell phone
appliance: microwave, oven, toaster, sink, refrigerator
kitchenware: bottle, wine glass, cup, fork, knife, spoon, bowl
cutlery: fork, knife, spoon
`

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => {
      const [name = '', rest = ''] = line.split(':')
      return { name: name.trim(), others: rest.split(',').flatMap(word => word.trim() || []) }
    })

/** Names of the 80 COCO classes in the order of the data set. */
export const COCO_LABELS: readonly string[] = lines(NAMES).map(line => line.name)

interface SpokenWord {
  readonly lower: string
  readonly isVerb: boolean
}

const LONGEST = 2

/** Label words by their singular; verbs that look alike ("sank", "booked") are no labels. */
const VOCABULARY = new Map<string, readonly string[]>([
  ...lines(GROUPS).map(({ name, others }) => [name, others] as const),
  ...lines(NAMES).flatMap(({ name, others }) => [name, ...others].map(word => [word, [name]] as const)),
])

const PLURALS: Readonly<Record<string, string>> = {
  people: 'person',
  men: 'man',
  women: 'woman',
  children: 'child',
  geese: 'goose',
  mice: 'mouse',
  knives: 'knife',
  calves: 'calf',
  oxen: 'ox',
}

/** Forms to look up in the vocabulary: the word itself, and without plural endings. */
function singulars(phrase: string): string[] {
  const [, before = '', last = ''] = /^(.*?)(\S+)$/.exec(phrase) ?? []
  const irregular = PLURALS[last]
  const regular = [last, last.replace(/s$/, ''), last.replace(/es$/, ''), last.replace(/ies$/, 'y')]
  return (irregular ? [irregular] : regular).map(word => before + word)
}

/** All COCO labels named in a text, in order. The longest name wins: "hot dog" is not a dog. */
export function labelMentions(text: string): LabelMention[] {
  const words = tokenize(text).flatMap(({ kind, pos, lower }) =>
    kind === 'word' ? { lower, isVerb: pos === 'VERB' } : [],
  )
  const mentions: LabelMention[] = []
  for (let at = 0; at < words.length; ) {
    const mention = mentionAt(words, at)
    if (mention) mentions.push(mention)
    at += mention?.words.length ?? 1
  }
  return mentions
}

function mentionAt(words: readonly SpokenWord[], at: number): LabelMention | undefined {
  for (let length = LONGEST; length > 0; length -= 1) {
    const phrase = words.slice(at, at + length)
    if (phrase.length < length || phrase.at(-1)?.isVerb) continue
    const known = singulars(phrase.map(word => word.lower).join(' ')).find(word => VOCABULARY.has(word))
    const labels = known === undefined ? undefined : VOCABULARY.get(known)
    if (labels) return { labels, words: phrase.map(word => word.lower) }
  }
  return undefined
}
