import { ALL_TASKS, type Models, type ModelTask } from '@cuewire/server/models/models.js'
import t, { type Test } from 'tap'

/** Opens models of which none is installed. */
export type NoModelsFactory = (t: Test) => Models

/** What every implementation of the models, and every double that stands in for one, must do without a model. */
export function missingModelsContract(name: string, open: NoModelsFactory): void {
  t.test(`${name}: a model that is missing is named in the status, and refused with what mends it`, async test => {
    const models = open(test)
    const statuses = await models.status()
    test.strictSame(
      statuses.map(({ task }) => task),
      ALL_TASKS,
    )
    const openings: Record<ModelTask, () => Promise<unknown>> = {
      speech: () => models.speech(),
      'voice-activity': () => models.voiceActivity(),
      objects: () => models.objects(),
      sentences: () => models.sentences(),
      text: () => models.text(),
      'audio-events': () => models.audioEvents(),
      speakers: () => models.speakers(),
      'image-text': () => models.imageText(),
    }
    for (const status of statuses) {
      if (status.state === 'ready') throw new Error(`${status.task} is ready`)
      test.match(status, { state: 'missing', pack: /^.+@.+$/, reason: /./, command: /./ })
      for (const _attempt of [1, 2]) {
        await test.rejects(openings[status.task](), {
          code: 'model.missing',
          message: new RegExp(`${status.reason}.*${status.command}`),
        })
      }
    }
    await test.resolves(Promise.all([models.close(), models.close()]))
  })
}
