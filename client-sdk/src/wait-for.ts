import { deferred } from './deferred.js'
import { TimeoutError } from './errors.js'

interface WaitOptions {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs?: number
}

/** Waits for the promise; rejects with the signal's reason when that is aborted first, or with a TimeoutError. */
export async function waitFor<T>(promise: Promise<T>, { signal, timeoutMs }: WaitOptions): Promise<T> {
  const over = deferred<never>()
  const onAbort = () => over.reject(signal?.reason)
  const onTimeout = () => over.reject(new TimeoutError(`no answer within ${timeoutMs} ms`))
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort)
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs)
  try {
    return await Promise.race([promise, over.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
