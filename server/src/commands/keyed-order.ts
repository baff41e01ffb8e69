/** Runs tasks with the same key one after another, in order; other keys do not wait. */
export class KeyedOrder {
  private readonly tails = new Map<string, Promise<unknown>>()

  /** Without an earlier task it runs at once, synchronously if possible. */
  run<T>(key: string, task: () => T | Promise<T>): T | Promise<T> {
    const before = this.tails.get(key)
    const result = before ? before.then(task, task) : task()
    if (result instanceof Promise) {
      this.tails.set(key, result)
      const forget = () => {
        if (this.tails.get(key) === result) this.tails.delete(key)
      }
      result.then(forget, forget)
    }
    return result
  }
}
