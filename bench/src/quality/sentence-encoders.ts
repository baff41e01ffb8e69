import { createModels } from '@cuewire/server/models/create-models.js'
import type { SentenceEncoder } from '@cuewire/server/models/models.js'
import { packId } from '@cuewire/server/models/pack.js'
import { packsFor } from '@cuewire/server/models/registry.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import { modelsFolder } from '../lib/models-folder.js'

/** Runs `measure` with each installed sentence encoder in turn. */
export async function withSentenceEncoders(
  measure: (pack: string, encoder: SentenceEncoder) => Promise<void>,
): Promise<void> {
  const dir = modelsFolder()
  for (const pack of packsFor('sentences')) {
    if ((await checkPack(dir, pack)).state !== 'ready') continue
    const models = createModels({ dir, chosen: { sentences: pack.name } })
    try {
      await measure(packId(pack), await models.sentences())
    } finally {
      await models.close()
    }
  }
}
