import { checkFolder } from '../config/folders.js'
import { loadConfig, type Options } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { defaultModelsDir } from '../models/models-dir.js'

/** The settings with the models folder filled in; a ConfigError lists every fault. */
export function readSettings(options: Options = {}): Config {
  const config = loadConfig(process.env, options)
  const modelsDir = config.modelsDir || defaultModelsDir()
  checkFolder('CUEWIRE_MODELS_DIR', modelsDir)
  return { ...config, modelsDir }
}
