/** Runs actions one at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action)
    // The next action starts when this one has ended, even if it failed. The caller handles the failure.
    this.#last = result.catch(() => undefined)
    return result
  }
}
