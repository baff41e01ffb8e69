/** Bytes held before the client is made to wait. */
const HIGH_WATER = 1024 * 1024

/** Stops and continues what feeds a queue. */
interface Valve {
  pause(): void
  resume(): void
}

/** The body of a request between the connection that brings it and the one reader that takes it. */
export class BodyQueue {
  private readonly chunks: Uint8Array[] = []
  private queuedBytes = 0
  private isWhole = false
  private paused = false
  private failure: Error | undefined
  private wake: (() => void) | undefined

  constructor(private readonly valve: Valve) {}

  /** Whether every byte has come. */
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

  /** No more will come; the reader gets this error after what did. */
  fail(error: Error): void {
    this.failure = error
    this.wake?.()
  }

  /** The bytes in pieces; the connection is paused while they are not taken. */
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
