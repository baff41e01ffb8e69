interface Closable {
  close(): Promise<void> | void
}

/** Closes what was opened, in reverse order. Everything is closed even if one close fails. */
export class Closers {
  private readonly opened: Closable[] = []

  add<T extends Closable>(opened: T): T {
    this.opened.push(opened)
    return opened
  }

  async close(): Promise<void> {
    const failures: unknown[] = []
    for (;;) {
      const last = this.opened.pop()
      if (!last) break
      try {
        await last.close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some parts did not close')
  }
}
