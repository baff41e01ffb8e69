const LONGEST_PERIOD = 12
const REPETITIONS = 4
const MIN_WORDS = 6

/** True if a phrase of up to 12 words occurs four or more times in a row, as when a speech model is lost. */
export function isRepetitive(words: readonly string[]): boolean {
  const plain = words.map(word => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    let run = period
    for (let index = period; index < plain.length; index += 1) {
      run = plain[index] === plain[index - period] ? run + 1 : period
      if (run >= Math.max(period * REPETITIONS, MIN_WORDS)) return true
    }
  }
  return false
}
