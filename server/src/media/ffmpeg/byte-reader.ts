/** The stream ended where more bytes were needed. */
export class EndOfStream extends RangeError {
  override readonly name = 'EndOfStream'
}

/**
 * Reads a byte stream in pieces chosen by the caller. Requests more only when needed, so the source gets back-pressure.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #offset = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  get available(): number {
    return this.#chunk.length - this.#offset
  }

  /** Waits until `count` bytes are buffered; false if the stream ends before. */
  async fill(count: number): Promise<boolean> {
    if (this.available >= count) return true
    const parts = [this.#chunk.subarray(this.#offset)]
    let length = this.available
    while (length < count) {
      const next = await this.#source.next()
      if (next.done) break
      parts.push(next.value)
      length += next.value.length
    }
    this.#chunk = parts.length === 1 ? (parts[0] ?? this.#chunk) : Buffer.concat(parts, length)
    this.#offset = 0
    return length >= count
  }

  /** Returns the next byte, which must be buffered. Throws EndOfStream if the stream has ended. */
  byte(): number {
    const value = this.#chunk[this.#offset++]
    if (value === undefined) throw new EndOfStream('read past the end of the stream')
    return value
  }

  /** Copies the next bytes into `target`; false if the stream ends before it is full. */
  async read(target: Uint8Array): Promise<boolean> {
    let filled = 0
    while (filled < target.length) {
      if (this.available === 0 && !(await this.fill(1))) return false
      const piece = this.#chunk.subarray(this.#offset, this.#offset + target.length - filled)
      target.set(piece, filled)
      filled += piece.length
      this.#offset += piece.length
    }
    return true
  }
}
