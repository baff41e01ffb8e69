import type { ModelDescription } from './messages.js'
import { type Pack, packId } from './pack.js'
import { ModelThread } from './pool.js'
import { assertPack, packDir } from './verify.js'

/** Checks a pack's files and loads it in a thread; throws `model.missing` or `model.corrupt`. */
export async function openThread(
  pack: Pack,
  options: { readonly dir: string; readonly threads: number },
): Promise<{ readonly thread: ModelThread; readonly description: ModelDescription }> {
  await assertPack(options.dir, pack)
  const thread = new ModelThread({
    task: pack.task,
    dir: packDir(options.dir, pack),
    // The voice activity model is so small that a second thread only costs.
    threads: pack.task === 'voice-activity' ? 1 : options.threads,
    label: packId(pack),
  })
  try {
    return { thread, description: await thread.call<'describe'>({ name: 'describe', params: {} }) }
  } catch (error) {
    await thread.close()
    throw error
  }
}
