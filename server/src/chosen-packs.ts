import type { Config } from './config/schema.js'
import type { ChosenPacks } from './models/choose-pack.js'

/** The model packs that the settings choose, by task. */
export function chosenPacks({ modelObjects }: Pick<Config, 'modelObjects'>): ChosenPacks {
  return { objects: modelObjects }
}
