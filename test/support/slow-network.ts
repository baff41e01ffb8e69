import type { SendOutcome, Socket } from '@cuewire/server/sessions/socket.js'

/** A network that holds bytes until the client reads them, and that can be cut with all it holds. */
export class SlowNetwork implements Socket {
  readonly remoteAddress = '127.0.0.1'
  private readonly held: string[] = []
  private heldBytes = 0
  endedWith: number | undefined

  constructor(private readonly deliver: (frame: unknown) => void) {}

  send(frame: string | Uint8Array): SendOutcome {
    const text = typeof frame === 'string' ? frame : Buffer.from(frame).toString()
    this.held.push(text)
    this.heldBytes += text.length
    return 'queued'
  }

  bufferedBytes(): number {
    return this.heldBytes
  }

  cork(callback: () => void): void {
    callback()
  }

  end(code: number): void {
    this.endedWith = code
  }

  /** The client takes so many frames; false when there were none. */
  read(count: number): boolean {
    const frames = this.held.splice(0, count)
    for (const frame of frames) {
      this.heldBytes -= frame.length
      this.deliver(JSON.parse(frame))
    }
    return frames.length > 0
  }
}
