import { abortable } from './abortable.js'

interface Run<T> {
  readonly result: Promise<T>
  readonly abort: AbortController
  waiting: number
}

/** Shares one run of an action among all callers with the same key. Aborts it when no caller is left. */
export class SharedRuns<T> {
  private readonly runs = new Map<string, Run<T>>()

  /** Returns the result of the run for this key. Rejects with the signal's reason if it aborts. */
  async run(key: string, signal: AbortSignal, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const run = this.runs.get(key) ?? this.start(key, action)
    run.waiting++
    try {
      return await abortable(run.result, signal)
    } finally {
      run.waiting--
      if (run.waiting === 0) {
        this.end(key, run)
        run.abort.abort(signal.reason)
      }
    }
  }

  /** Aborts the runs of these keys and waits until they have ended. */
  async stop(matches: (key: string) => boolean, reason: unknown): Promise<void> {
    const stopped = [...this.runs].filter(([key]) => matches(key)).map(([, run]) => run)
    for (const { abort } of stopped) abort.abort(reason)
    await Promise.allSettled(stopped.map(({ result }) => result))
  }

  private start(key: string, action: (signal: AbortSignal) => Promise<T>): Run<T> {
    const abort = new AbortController()
    const run: Run<T> = { result: action(abort.signal), abort, waiting: 0 }
    this.runs.set(key, run)
    const ended = () => this.end(key, run)
    run.result.then(ended, ended)
    return run
  }

  private end(key: string, run: Run<T>): void {
    if (this.runs.get(key) === run) this.runs.delete(key)
  }
}
