import { readdirSync, writeFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { errorCode } from './error-code.js'

// On Linux each thread has its own priority; elsewhere all threads of a process share one.
const isOfThreads = process.platform === 'linux'
/** On the scale of `nice`: enough to let an event loop go first. */
const STEP = 5
/** Without privileges Linux accepts one change of a session in 100 ms. */
const RETRY_MS = 100

/** Lets the event loop of the process run before the calling thread when both want a core. */
export function yieldToEventLoop(): void {
  if (isOfThreads) setPriority(Math.min(getPriority() + STEP, constants.priority.PRIORITY_LOW))
}

/**
 * Lets a server run before this process, all its threads and all it starts later. The process must lead a session of its
 * own (`detached`), because Linux divides the cores between sessions first and only then by priority ("autogroup" in
 * sched(7)).
 */
export function yieldToServer(): void {
  const priority = constants.priority.PRIORITY_BELOW_NORMAL
  if (!isOfThreads) {
    setPriority(priority)
    return
  }
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), priority)
  void lowerSession(priority)
}

async function lowerSession(priority: number): Promise<void> {
  for (;;) {
    try {
      return writeFileSync('/proc/self/autogroup', String(priority))
    } catch (error) {
      // A kernel without these groups, or a container that may not set them, goes by the priorities of threads.
      if (errorCode(error) !== 'EAGAIN') return
    }
    await setTimeout(RETRY_MS, undefined, { ref: false })
  }
}
