import { createModels } from '@cuewire/server/models/create-models.js'
import { countingModels } from '../support/counting-models.js'
import { useModels } from '../support/models.js'
import { modelsOf } from '../support/models-of.js'
import { minilmFile, useMinilmModels } from '../support/sentence-models.js'
import { testFolder } from '../support/test-folder.js'
import { useYoloxModels, yoloxFile } from '../support/yolox-models.js'
import { missingModelsContract } from './models/missing.js'
import { modelCallsContract, modelsContract } from './models.js'

modelsContract('ONNX', useModels)
modelsContract('ONNX, with YOLOX', useYoloxModels, { skip: yoloxFile.skip })
modelsContract('ONNX, with MiniLM', useMinilmModels, { skip: minilmFile.skip })
modelCallsContract('ONNX, with its inferences counted', async t => countingModels(await useModels(t), () => undefined))

missingModelsContract('ONNX, without packs', t => createModels({ dir: testFolder(t) }))
missingModelsContract('a double without models', () => modelsOf())
