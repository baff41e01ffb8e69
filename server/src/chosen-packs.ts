import type { Config } from './config/schema.js'
import type { ChosenPacks } from './models/choose-pack.js'
import type { TranscriptionService } from './models/transcription/service.js'

/** The model packs that the settings choose, by task. */
export function chosenPacks({
  modelObjects,
  modelSentences,
}: Pick<Config, 'modelObjects' | 'modelSentences'>): ChosenPacks {
  return { objects: modelObjects, sentences: modelSentences }
}

/** The speech service that the settings choose, if any. */
export function speechService({
  speechUrl: url,
  speechKey: key,
  speechModel: model,
}: Pick<Config, 'speechUrl' | 'speechKey' | 'speechModel'>): TranscriptionService | undefined {
  return url === '' ? undefined : { url, key, model }
}
