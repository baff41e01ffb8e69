import type { SendOutcome, Socket } from '@cuewire/server/sessions/socket.js'

/** A socket whose buffer the test fills and drains. */
export class TestSocket implements Socket {
  readonly remoteAddress = '127.0.0.1'
  readonly frames: string[] = []
  buffered = 0
  corks = 0
  outcome: SendOutcome | undefined
  /** Bytes each sent frame adds to the buffer. */
  cost = 0

  send(frame: string | Uint8Array): SendOutcome {
    if (this.outcome === 'dropped') return 'dropped'
    this.frames.push(String(frame))
    this.buffered += this.cost
    return this.outcome ?? (this.cost > 0 ? 'queued' : 'sent')
  }

  bufferedBytes(): number {
    return this.buffered
  }

  cork(callback: () => void): void {
    this.corks++
    callback()
  }

  end(): void {
    throw new Error('the outbox never ends a socket itself')
  }
}
