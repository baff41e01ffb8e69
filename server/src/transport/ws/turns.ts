import Denque from 'denque'

/**
 * Handles items one after another, with room between them for the ticks and promises that each sets off, as there is
 * between the messages of uWebSockets.js. The `ws` package emits all messages of a packet at once: a session would begin
 * them all before it has the first answer, and so could not tell that they are too many.
 */
export class Turns<T> {
  private readonly waiting = new Denque<T>()
  private running = false

  constructor(
    private readonly options: {
      /** Called before the first of a row. */
      readonly begin: () => void
      readonly handle: (item: T) => void
      /** Called after the last of a row, before Node returns to its event loop. */
      readonly end: () => void
    },
  ) {}

  push(item: T): void {
    if (this.running) {
      this.waiting.push(item)
      return
    }
    this.running = true
    this.options.begin()
    this.take(item)
  }

  private take(item: T): void {
    this.options.handle(item)
    // From a microtask, as Node carries out ticks that stand in line before it turns to microtasks.
    queueMicrotask(this.nextLater)
  }

  private readonly nextLater = () => process.nextTick(this.next)

  private readonly next = () => {
    const item = this.waiting.shift()
    if (item !== undefined) {
      this.take(item)
      return
    }
    this.running = false
    this.options.end()
  }
}
