import { constants, getPriority, setPriority } from 'node:os'

/** On the scale of `nice`: enough to let the event loop go first, and still ahead of ffmpeg. */
const STEP = 5

/** Lets the event loop of the process run before the calling thread when both want a core. */
export function yieldToEventLoop(): void {
  // On Linux a thread has its own priority. Elsewhere this would lower the whole process.
  if (process.platform !== 'linux') return
  setPriority(Math.min(getPriority() + STEP, constants.priority.PRIORITY_LOW))
}
