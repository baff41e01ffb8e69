import { unreadableFiles } from '../config/files.js'
import { folderFault } from '../config/folders.js'
import { loadConfig, type Options } from '../config/load.js'
import { type Config, variableOf } from '../config/schema.js'
import { choiceFault } from '../models/choose-pack.js'
import { defaultModelsDir } from '../models/models-dir.js'

/** The settings with the models folder filled in; a ConfigError lists every fault. */
export function readSettings(options: Options = {}): Config {
  const config = loadConfig(process.env, options, values => {
    const folders = { dataDir: values.dataDir, modelsDir: values.modelsDir || defaultModelsDir() }
    const faults = Object.entries(folders).map(([name, path]) =>
      typeof path === 'string' ? folderFault(variableOf(name), path) : undefined,
    )
    return [...unreadableFiles(values), ...faults.filter(fault => fault !== undefined), ...packFaults(values)]
  })
  return { ...config, modelsDir: config.modelsDir || defaultModelsDir() }
}

/** Settings that choose a pack, with the task it is for. */
const PACK_SETTINGS = { modelObjects: 'objects', modelSentences: 'sentences' } as const

function packFaults(values: { readonly [Name in keyof typeof PACK_SETTINGS]?: unknown }): string[] {
  return Object.entries(PACK_SETTINGS).flatMap(([name, task]) => {
    const setting = name as keyof typeof PACK_SETTINGS
    const chosen = values[setting]
    const fault = typeof chosen === 'string' ? choiceFault(task, chosen) : undefined
    return fault === undefined ? [] : [`${variableOf(setting)}=${chosen}: ${fault}`]
  })
}
