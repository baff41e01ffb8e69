import { ConfigError, loadConfig } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { defaultModelsDir } from '../models/models-dir.js'

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78

/** The settings with the models folder filled in; faults are printed and end the program. */
export function readSettings(): Config {
  try {
    const config = loadConfig(process.env)
    return { ...config, modelsDir: config.modelsDir || defaultModelsDir() }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(EXIT_CONFIG)
  }
}
