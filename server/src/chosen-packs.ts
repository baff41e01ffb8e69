import type { Config } from './config/schema.js'
import type { ChosenPacks } from './models/choose-pack.js'

/** The model packs that the settings choose, by task. */
export function chosenPacks({
  modelObjects,
  modelSentences,
}: Pick<Config, 'modelObjects' | 'modelSentences'>): ChosenPacks {
  return { objects: modelObjects, sentences: modelSentences }
}
