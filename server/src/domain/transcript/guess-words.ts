import type { Word } from '@cuewire/protocol'
import type { Utterance } from './cues.js'

/** Longest word the protocol carries. */
const MAX_WORD = 200
/** Full stops of scripts that write no spaces, and what may close a quote after them. */
const WIDE_STOPS = '。！？'
const CLOSERS = '」』”’）》'

/** Words with times in proportion to their length. */
export function guessWords({ start, end, text }: Utterance): Word[] {
  const perCharacter = (end - start) / (text.length + 1)
  const words: Word[] = []
  for (const match of text.matchAll(/\S+/g)) {
    let at = match.index
    const wordEnd = match.index + match[0].length
    for (const piece of piecesOf(match[0])) {
      const from = start + at * perCharacter
      at += piece.length
      // A word takes the space after it, but no time of the next piece.
      const to = start + (at === wordEnd ? at + 1 : at) * perCharacter
      words.push({ text: piece, start: from, end: to, confidence: 1 })
    }
  }
  return words
}

/** A word, cut after each sentence where there are no spaces, and where it would be too long. */
function piecesOf(word: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let stopped = false
  for (const character of word) {
    const ends = stopped && !CLOSERS.includes(character) && !WIDE_STOPS.includes(character)
    if (ends || piece.length + character.length > MAX_WORD) {
      pieces.push(piece)
      piece = ''
      stopped = false
    }
    piece += character
    stopped ||= WIDE_STOPS.includes(character)
  }
  return [...pieces, piece]
}
