import { closest, distance } from 'fastest-levenshtein'

/** Names that differ in more than this share of their letters are not considered typos. */
const MAX_DIFFERENCE = 0.5

/** The known name that was probably meant; undefined if none is close. Case, `_` and our prefix are ignored. */
export function closestName(wrong: string, known: readonly string[]): string | undefined {
  const byForm = new Map(known.map(name => [plain(name), name]))
  const form = plain(wrong)
  const near = closest(form, [...byForm.keys()])
  return distance(form, near) <= MAX_DIFFERENCE * Math.max(form.length, near.length) ? byForm.get(near) : undefined
}

const plain = (name: string) =>
  name
    .toLowerCase()
    .replace(/^cuewire_/, '')
    .replaceAll('_', '')
