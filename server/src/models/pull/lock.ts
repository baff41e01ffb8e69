import { open, rm, stat, utimes } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ignoreMissing } from '../../lib/ignore-missing.js'

const HEARTBEAT_MS = 2_000
const STALE_MS = 15_000
const POLL_MS = 200

/**
 * Runs `work` while holding a lock file, so that two processes do not do the same work twice. The holder touches the
 * file; one left by a process that died is taken over. Two may still take over at the same instant, so what the work
 * does must be safe to do twice.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  while (!(await tryLock(path))) {
    if (await isStale(path)) await rm(path, { force: true })
    else await sleep(POLL_MS)
    signal?.throwIfAborted()
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    // A failed touch at worst lets another take the lock over, which is safe.
    utimes(path, now, now).catch(() => clearInterval(heartbeat))
  }, HEARTBEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    await rm(path, { force: true })
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isStale(path: string): Promise<boolean> {
  const info = await ignoreMissing(stat(path))
  // Also a time far in the future, which a clock set back has left: a holder that lives touches the file soon.
  return info !== undefined && Math.abs(Date.now() - info.mtimeMs) > STALE_MS
}
