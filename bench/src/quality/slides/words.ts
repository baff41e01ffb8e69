const WORDS = `time year people way day thing world life hand part place case week company system program question work
government number night point home water room mother area money story fact month book eye job word business issue side
kind head house service friend father power hour game line end member law car city community name president team minute
idea body information back parent face level office door health person art war history party result change morning reason
research girl guy moment air teacher force education network learning gradient memory latency throughput schedule budget
quarter revenue market growth analysis method sample energy carbon climate protein membrane enzyme voltage circuit signal
filter vector matrix theorem proof limit integral function variable database index query transaction replica cluster
available important local early strong possible public large common open simple useful quick careful modern northern
reduce measure compare explain build share keep improve deliver protect follow create connect observe choose between
within without across before after during against through every most each some many several`
  .split(/\s+/)
  .filter(word => word !== '')

/** Tokens that are not plain words: figures, names, codes. */
const FIGURES = ['12%', '3.5', '2024', '1,200', '48', '7.25', '100', '$40', '10x', 'Q3', 'A/B', 'v2.1', '09:30', '+15%']
const NAMES = ['Berlin', 'Kyoto', 'Anna', 'Newton', 'API', 'GPU', 'HTTP', 'Europe', 'Lagos', 'NASA', 'Linux', 'Monday']

export type Random = () => number

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)]
  if (chosen === undefined) throw new RangeError('nothing to choose from')
  return chosen
}

/** An integer from `least` to `most`. */
export const between = (random: Random, least: number, most: number) =>
  least + Math.floor(random() * (most - least + 1))

function token(random: Random): string {
  const kind = random()
  if (kind < 0.08) return pick(random, FIGURES)
  return kind < 0.16 ? pick(random, NAMES) : pick(random, WORDS)
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A line as a slide has it, without a sense: "Northern budget between 12% after Kyoto". */
export function phrase(random: Random, words: number): string {
  const tokens = Array.from({ length: words }, () => token(random))
  const comma = words > 4 && random() < 0.3 ? between(random, 1, words - 2) : -1
  return capital(tokens.map((text, at) => (at === comma ? `${text},` : text)).join(' '))
}

/** A title: every word with a capital. */
export function title(random: Random): string {
  return phrase(random, between(random, 1, 4))
    .split(' ')
    .map(capital)
    .join(' ')
}
