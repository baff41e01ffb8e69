import type { Notice, Notices } from './notices.js'

/** The notices of a server that is a single process. */
export function createMemoryNotices(): Notices {
  const listeners = new Set<(notice: Notice) => void>()
  return {
    send(notice) {
      for (const listener of listeners) listener(notice)
    },
    listen: listener => void listeners.add(listener),
    close: async () => listeners.clear(),
  }
}
