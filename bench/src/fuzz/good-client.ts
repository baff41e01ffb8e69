import { rawFrame } from '../lib/raw-frame.js'
import { Wire } from '../lib/wire.js'

/** A well-behaved client beside the fuzzer: while it is answered, the server is well. */
export class GoodClient {
  private readonly wire: Wire
  private readonly waiting = new Map<string, () => void>()
  private sent = 0

  constructor(port: number) {
    this.wire = new Wire({ port, onText: text => this.take(text) })
  }

  /** Sends a ping and resolves with the milliseconds until its reply; rejects when none comes in time. */
  async ping(timeoutMs: number): Promise<number> {
    await this.wire.opened()
    const id = `good.${this.sent++}`
    const from = performance.now()
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`the good client's ping ${id} was not answered: ${reason}`))
      const timer = setTimeout(() => fail(`waited ${timeoutMs} ms`), timeoutMs)
      void this.wire.ended.then(() => fail('its connection ended'))
      this.waiting.set(id, () => {
        clearTimeout(timer)
        resolve()
      })
      this.wire.write(rawFrame(Buffer.from(`{"type":"ping","id":"${id}"}`)))
    })
    return performance.now() - from
  }

  close(): void {
    this.wire.reset()
  }

  private take(text: string): void {
    const { type, id } = JSON.parse(text) as { readonly type: string; readonly id?: string }
    if (type !== 'reply' || id === undefined) return
    this.waiting.get(id)?.()
    this.waiting.delete(id)
  }
}
