/** Runs one action after the other, in the order they were asked for. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action)
    // The next action waits for this one to end, however it ends; the failure belongs to the caller.
    this.#last = result.catch(() => undefined)
    return result
  }
}
