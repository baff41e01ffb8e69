import { pause } from './pause.js'

/** Waits until `done()`; throws, naming `what`, when that takes too long. */
export async function until(
  what: string,
  done: () => boolean,
  { signal, timeoutMs = 30_000 }: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await pause(2, signal)
  }
}
