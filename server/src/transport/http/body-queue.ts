/** Bytes buffered before the connection is paused. */
const HIGH_WATER = 1024 * 1024

/** Pauses and resumes the source of a queue. */
interface Valve {
  pause(): void
  resume(): void
}

/** Buffers the body of a request between the connection and its one reader. */
export class BodyQueue {
  private readonly chunks: Uint8Array[] = []
  private queuedBytes = 0
  private isWhole = false
  private paused = false
  private failure: Error | undefined
  private wake: (() => void) | undefined

  constructor(private readonly valve: Valve) {}

  /** Whether the body is complete. */
  get whole(): boolean {
    return this.isWhole
  }

  push(chunk: Uint8Array): void {
    if (chunk.byteLength > 0) this.chunks.push(chunk)
    this.queuedBytes += chunk.byteLength
    if (!this.paused && this.queuedBytes > HIGH_WATER) {
      this.paused = true
      this.valve.pause()
    }
    this.wake?.()
  }

  end(): void {
    this.isWhole = true
    this.wake?.()
  }

  /** Ends the queue with an error, which the reader gets after the buffered bytes. */
  fail(error: Error): void {
    this.failure = error
    this.wake?.()
  }

  /** Yields the body in pieces. The connection is paused while the reader is behind. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.chunks.shift()
      if (chunk) {
        this.queuedBytes -= chunk.byteLength
        this.resume()
        yield chunk
      } else if (this.failure) {
        throw this.failure
      } else if (this.isWhole) {
        return
      } else {
        await new Promise<void>(resolve => {
          this.wake = resolve
        })
      }
    }
  }

  private resume(): void {
    if (!this.paused || this.failure || this.queuedBytes > HIGH_WATER / 2) return
    this.paused = false
    this.valve.resume()
  }
}
