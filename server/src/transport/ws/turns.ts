import Denque from 'denque'

/**
 * Handles items one at a time, letting the ticks and promises of each run before the next, as between the messages of
 * uWebSockets.js. The `ws` package emits all messages of a packet at once. A session would then start all of them
 * before it has the first answer, and could not enforce its limits.
 */
export class Turns<T> {
  private readonly waiting = new Denque<T>()
  private running = false

  constructor(
    private readonly options: {
      /** Called before the first item of a batch. */
      readonly begin: () => void
      readonly handle: (item: T) => void
      /** Called after the last item of a batch, before Node returns to its event loop. */
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
    // From a microtask, because Node runs all queued ticks before microtasks.
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
