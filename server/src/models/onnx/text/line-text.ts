/** Chinese, Japanese or Korean letters. */
const IDEOGRAPHS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u

/**
 * The text of a line from the characters read. In Latin lines, full-width forms become plain ones, commas and per cent signs are followed
 * by a space, and letters that the model confuses because they look alike are set right where their neighbours tell: `APl` is `API`, `1o0` is `100`.
 */
export function lineText(characters: readonly string[]): string {
  const text = characters.join('').replace(/\s+/g, ' ').trim()
  if (IDEOGRAPHS.test(text)) return text
  return text
    .normalize('NFKC')
    .replace(/(?<=[,%])(?=\p{L})/gu, ' ')
    .replace(/(?<=\d)[oO](?=[\d%x]|$)/g, '0')
    .replace(/(?<![\p{L}\d])[\p{Lu}l]{2,}(?![\p{L}\d])/gu, word =>
      /\p{Lu}/u.test(word) ? word.replaceAll('l', 'I') : word,
    )
}
