import type { AudioStream, MediaInfo, SubtitleStream } from '@cuewire/protocol'
import { baseLanguage } from './language-tag.js'

/** Titles of tracks with signs only, whether or not the file marks them as forced. */
const SIGNS = /\b(?:forced|signs)\b/i
const COMMENTARY = /\bcomment(?:ary|aries|s)?\b/i

/**
 * Subtitle streams that may serve as a transcript, likeliest first: in the language of the audio, not a commentary,
 * marked as default. A track of signs only is not a transcript: it is left out if there is audio to recognise,
 * otherwise it comes last.
 */
export function rankSubtitles({ subtitles, audio }: Pick<MediaInfo, 'subtitles' | 'audio'>): SubtitleStream[] {
  const candidates = audio ? subtitles.filter(stream => !isForced(stream)) : subtitles
  const rank = (stream: SubtitleStream) =>
    [!isForced(stream), isSameLanguage(stream, audio), !COMMENTARY.test(stream.title ?? ''), stream.isDefault === true]
      .map(Number)
      .reduce((sum, holds) => sum * 2 + holds, 0)
  return candidates.toSorted((a, b) => rank(b) - rank(a))
}

const isForced = ({ isForced, title = '' }: SubtitleStream) => isForced === true || SIGNS.test(title)

function isSameLanguage({ language }: SubtitleStream, audio: AudioStream | undefined): boolean {
  return (
    language !== undefined && audio?.language !== undefined && baseLanguage(language) === baseLanguage(audio.language)
  )
}
