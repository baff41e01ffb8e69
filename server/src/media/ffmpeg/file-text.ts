// Control characters, and those that turn the direction of the text around them.
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** Text from a file for people to read, on one line and at most this long; undefined when nothing is left. */
export function fileText(text: string | undefined, maxLength: number): string | undefined {
  const line = (text ?? '').replaceAll(UNPRINTABLE, ' ').trim()
  // A cut through a character of two units would leave half of it.
  const cut = line
    .slice(0, maxLength)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()
  return cut === '' ? undefined : cut
}
