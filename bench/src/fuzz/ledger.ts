/** Holds the answers of one connection against what was sent. */
export class Ledger {
  private owed = 0
  private answered = 0
  private readonly expected = new Map<string, number>()
  private wake: () => void = () => undefined

  owe(answers: number, id?: string): void {
    this.owed += answers
    if (id !== undefined) this.expected.set(id, 0)
  }

  get missing(): number {
    return this.owed - this.answered
  }

  get count(): number {
    return this.answered
  }

  /** Takes a text frame of the server. Events answer nothing. */
  take(text: string): void {
    const frame = JSON.parse(text) as { readonly type?: unknown; readonly id?: unknown }
    if (frame.type !== 'reply' && frame.type !== 'error') return
    this.answered++
    const { id } = frame
    const before = typeof id === 'string' ? this.expected.get(id) : undefined
    if (typeof id === 'string' && before !== undefined) this.expected.set(id, before + 1)
    if (this.missing <= 0) this.wake()
  }

  /** Resolves when nothing is owed any more; false when the time is up before. */
  async settled(timeoutMs: number): Promise<boolean> {
    if (this.missing <= 0) return true
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(false), timeoutMs)
      this.wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  /** What is wrong with the answers so far, if anything. */
  fault(): string | undefined {
    if (this.missing !== 0) return `${this.answered} answers to ${this.owed} messages`
    for (const [id, times] of this.expected) if (times !== 1) return `command ${id} was answered ${times} times`
    return undefined
  }
}
