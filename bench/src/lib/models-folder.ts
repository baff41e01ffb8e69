import { defaultModelsDir } from '@cuewire/server/models/models-dir.js'

/** The models folder of the environment, else that of the user. */
export const modelsFolder = (): string => process.env['CUEWIRE_MODELS_DIR'] || defaultModelsDir()
