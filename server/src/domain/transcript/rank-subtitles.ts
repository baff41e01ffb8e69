import type { AudioStream, MediaInfo, SubtitleStream } from '@cuewire/protocol'

/** Titles of tracks that hold signs alone, whether or not the file marks them as forced. */
const SIGNS = /\b(?:forced|signs)\b/i
const COMMENTARY = /\bcomment(?:ary|aries|s)?\b/i

/**
 * The subtitle streams that may stand for what is said, the likeliest first: in the language of the sound, no commentary,
 * marked as default. One of signs alone is no transcript: it is left out where there is sound to recognise, else it is last.
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
  return language !== undefined && audio?.language !== undefined && baseOf(language) === baseOf(audio.language)
}

/** The language of a tag without its region: "en" of "eng" and of "en-US", "de" of "ger". */
function baseOf(language: string): string {
  try {
    return new Intl.Locale(language).language
  } catch {
    return language.toLowerCase()
  }
}
