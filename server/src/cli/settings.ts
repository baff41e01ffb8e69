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

function packFaults({ modelObjects }: { readonly modelObjects?: unknown }): string[] {
  const fault = typeof modelObjects === 'string' ? choiceFault('objects', modelObjects) : undefined
  return fault === undefined ? [] : [`${variableOf('modelObjects')}=${modelObjects}: ${fault}`]
}
