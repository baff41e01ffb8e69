interface ErrorLog {
  error(data: object, message: string): void
}

/** Runs a task periodically, never twice at the same time. Failures are logged. `close` waits for a running task. */
export function every(intervalMs: number, task: () => Promise<unknown>, logger: ErrorLog): { close(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = task()
      .catch((error: unknown) => logger.error({ err: error }, 'periodic task failed'))
      .finally(() => {
        busy = false
      })
  }, intervalMs)
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
