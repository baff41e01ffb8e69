import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects garbage now, so that a test can see what is still held. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // A target is kept until the end of the task that made or read its WeakRef.
  await new Promise(resolve => setImmediate(resolve))
  collect()
}
