import t from 'tap'
import { checkSpans, spansOf } from '../../contract/models/voice-activity.js'
import { decodeSound } from '../../support/decode.js'
import { useModels } from '../../support/models.js'
import { sharedMedia } from '../../support/shared-media.js'

const models = await useModels(t)

const reading = sharedMedia('two_cities_16k.wav', 'mdn_viper.mp3', 'mdn_frog.mp4')
t.test(
  'a recorded reading is cut into spans of at most 15 s; recorded music has none',
  { skip: reading.skip },
  async t => {
    const detector = await models.voiceActivity()
    const [speech = '', ...others] = reading.paths
    const spans = await spansOf(detector, await decodeSound(speech))
    t.ok(spans.length >= 3)
    checkSpans(t, spans)
    for (const path of others) t.same(await spansOf(detector, await decodeSound(path)), [], path)
  },
)
