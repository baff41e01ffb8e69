import fc from 'fast-check'

/** Characters that make trouble: halves of a pair, controls, breaks, bidirectional marks, several that are one. */
export const NASTY = [
  ...['\ud83d', '\ude00', '\udc00\ud800', '\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u009b'],
  ...['\t', '\n', '\r\n', '\v', '\f', '\u2028', '\u2029', '\u202e', '\u202a', '\u2066', '\u2069'],
  ...['\u200f', '\u200d', '\ufeff', '\ufffe', '\uffff', '\u{10ffff}', '\u{1d400}', '🦊', '🇩🇪', '👨‍👩‍👧‍👦', 'e\u0301'],
  ...['\u0301'.repeat(30), '漢', 'ﷺ', 'ß', 'İ', '"', '\\', '<b>', '&#xD800;', '&#27;', '&amp;', "'", '%', ' ', '  '],
]

/** Text of words with trouble in it. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.constantFrom('boats', 'leave', 'The', 'tide', '. ')), {
    minLength: 1,
    maxLength: 12,
  })
  .map(parts => parts.join(''))

/** The same, filled up so that a bound falls on or beside its last character. */
export function textNear(bound: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('a', '🦊', '漢', 'e\u0301', '🇩🇪', 'word '), fc.integer({ min: -2, max: 2 }), nastyText)
    .map(([filler, more, end]) => {
      const length = bound + more
      const whole = filler.repeat(Math.ceil(length / [...filler].length)) + end
      return [...whole].slice(0, length).join('')
    })
}
