const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Reads a text line by line, with any line ending, examining each character once. */
export class LineReader {
  #at = 0
  #number = 0

  constructor(private readonly text: string) {}

  /** Number of the line that `next` gave last, from 1. */
  get number(): number {
    return this.#number
  }

  /** The next line without its end; undefined after the last. */
  next(): string | undefined {
    const { text } = this
    if (this.#at >= text.length) return undefined
    const from = this.#at
    let to = from
    while (to < text.length && text.charCodeAt(to) !== LINE_FEED && text.charCodeAt(to) !== CARRIAGE_RETURN) to += 1
    const isPair = text.charCodeAt(to) === CARRIAGE_RETURN && text.charCodeAt(to + 1) === LINE_FEED
    this.#at = to + (isPair ? 2 : 1)
    this.#number += 1
    return text.slice(from, to)
  }
}
