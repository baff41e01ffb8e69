import type { Models } from '@cuewire/server/models/models.js'
import t, { type Test } from 'tap'
import { callsContract, closingContract } from './models/calls.js'
import { objectsContract } from './models/objects.js'
import { sentencesContract } from './models/sentences.js'
import { speechContract } from './models/speech.js'
import { textContract } from './models/text.js'
import { voiceActivityContract } from './models/voice-activity.js'

/** Opens models that are all installed. */
export type ModelsFactory = (t: Test) => Promise<Models>

/** What every implementation of the models must do. The models are loaded once, as that takes longest. */
export function modelsContract(name: string, open: ModelsFactory, options: { skip?: string | false } = {}): void {
  t.test(name, options, async test => {
    const models = await open(test)
    await test.test('calls', async t => callsContract(t, models))
    await test.test('objects', async t => objectsContract(t, models))
    await test.test('speech', async t => speechContract(t, models))
    await test.test('sentences', async t => sentencesContract(t, models))
    await test.test('voice activity', async t => voiceActivityContract(t, models))
    await test.test('text', async t => textContract(t, models))
    await test.test('closing', async t => closingContract(t, models))
  })
}

/** What a double that passes calls on to real models must do. What it recognises is for the real ones. */
export function modelCallsContract(name: string, open: ModelsFactory): void {
  t.test(name, async test => {
    const models = await open(test)
    await test.test('calls', async t => callsContract(t, models))
    await test.test('closing', async t => closingContract(t, models))
  })
}
