import { TextThread, type TextThreadOptions } from '@cuewire/server/domain/text-work/text-thread.js'

interface Test {
  teardown(fn: () => Promise<void>): void
}

/** A real text thread, closed when the test ends. */
export function useTextThread(t: Test, options: Partial<TextThreadOptions> = {}): TextThread {
  const thread = new TextThread({ label: 'text-test', deadlineMs: 60_000, maxWaiting: 100, ...options })
  t.teardown(() => thread.close())
  return thread
}
