import type { AudioStream } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { pullCommand, type SpeechRecogniser } from '../../models/models.js'
import { baseLanguage, languageName } from '../transcript/language-tag.js'
import type { ReadableState } from '../transcript/readable-spans.js'
import type { StageOutcome } from './stage.js'

/** The pack that reads other languages. */
const MULTILINGUAL_PACK = 'speech-whisper-base'

/** Less speech than this says nothing about its language, in seconds. */
const ENOUGH = 2
/** A smaller share of unread speech is not worth a warning. */
const WORTH_WARNING = 0.1

/** Codes of ISO 639 that name no one language. */
const NO_LANGUAGE: ReadonlySet<string> = new Set(['und', 'mul', 'mis', 'zxx', 'qaa'])

type Heard = Pick<ReadableState, 'readSeconds' | 'unreadSeconds'>

/** How the language mark of a track relates to the language of the model. */
export function markOf(audio: AudioStream | undefined, { language }: Pick<SpeechRecogniser, 'language'>) {
  if (language === undefined) return 'any'
  const marked = markedLanguage(audio)
  if (marked === undefined) return 'unknown'
  return marked === language ? 'same' : 'other'
}

/** The outcome for speech of which the model could read nothing; undefined if it read some, or there is hardly any. */
export function skippedAsUnreadable(
  { readSeconds, unreadSeconds }: Heard,
  audio: AudioStream | undefined,
  { pack, language }: Pick<SpeechRecogniser, 'pack' | 'language'>,
): StageOutcome | undefined {
  if (readSeconds > 0 || unreadSeconds < ENOUGH) return undefined
  if (language === undefined) {
    const reason = `${Math.round(unreadSeconds)} s of speech is not intelligible to ${pack}`
    return { state: 'skipped', code: 'speech.unreadable', reason }
  }
  const known = languageName(language)
  const marked = markedLanguage(audio)
  const tongue =
    marked === undefined || marked === language
      ? `in a language other than ${known}, or not intelligible`
      : `in a language other than ${known} (the track is marked as ${languageName(marked)})`
  const reason = `${Math.round(unreadSeconds)} s of speech ${tongue}: ${pack} reads ${known} only and found no ${known}`
  return { state: 'skipped', code: 'speech.unreadable', reason, command: pullCommand([MULTILINGUAL_PACK]) }
}

/** The warning for a recording of which a part was left out; undefined if next to nothing was. */
export function partUnread(
  { readSeconds, unreadSeconds }: Heard,
  { language }: Pick<SpeechRecogniser, 'language'>,
): AppError | undefined {
  const share = unreadSeconds / (readSeconds + unreadSeconds)
  if (readSeconds === 0 || unreadSeconds < ENOUGH || share < WORTH_WARNING) return undefined
  const [unread, all] = [unreadSeconds, readSeconds + unreadSeconds].map(Math.round)
  const unlike = language === undefined ? 'it' : `it does not sound like ${languageName(language)}, or`
  return new AppError(
    'speech.unreadable',
    `${unread} s of ${all} s of speech is left out: ${unlike} is not intelligible.`,
  )
}

function markedLanguage(audio: AudioStream | undefined): string | undefined {
  const base = audio?.language && baseLanguage(audio.language)
  return base && !NO_LANGUAGE.has(base) ? base : undefined
}
