/**
 * Text of an engine in which nothing looks like the mark of a citation: `[2]` becomes `(2)`. Marks are written only for
 * passages that were checked, and what a video says or shows may hold brackets too. Pieces may split a mark.
 */
export class WithoutMarks {
  /** The beginning of what may become a mark. */
  #held = ''

  /** What of the text so far can be shown. */
  next(piece: string): string {
    const text = (this.#held + piece).replace(/\[(\d{1,100})\]/g, '($1)')
    this.#held = /\[\d{0,100}$/.exec(text)?.[0] ?? ''
    return text.slice(0, text.length - this.#held.length)
  }

  /** What was held back when no mark can follow. */
  end(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }
}
