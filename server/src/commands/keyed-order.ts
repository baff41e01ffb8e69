/** Runs tasks of the same key one after another, in the order they came; other keys do not wait. */
export class KeyedOrder {
  private readonly tails = new Map<string, Promise<unknown>>()

  /** With nothing before it the task runs at once, and synchronously if it can. */
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
