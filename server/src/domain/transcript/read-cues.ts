import { LIMITS, type SubtitlesInput } from '@cuewire/protocol'
import * as captions from 'media-captions'
import { toLine } from '../../lib/text.js'
import { type Cue, plainLine } from './cues.js'

/** The part of the package used here; its own declarations import without file extensions, which Node's resolution refuses. */
interface CaptionsParser {
  parseText(
    text: string,
    options: { readonly type: 'vtt' | 'srt'; readonly strict: boolean },
  ): Promise<{ readonly cues: readonly { startTime: number; endTime: number; text: string }[] }>
}
const { parseText } = captions as unknown as CaptionsParser

/** Longest a caption may claim to last, in seconds; what is longer is a fault of the file. */
const MAX_CUE_SECONDS = 60
const MAX_TIME = 360_000

/** The readable cues of a WebVTT or SubRip text in order of time, without markup; faulty ones are passed over. */
export async function readCues({ format, text }: SubtitlesInput): Promise<Cue[]> {
  const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  // The parser drops everything, cues included, when a WebVTT text lacks its first line.
  const parsed = await parseText(format === 'vtt' && !clean.startsWith('WEBVTT') ? `WEBVTT\n\n${clean}` : clean, {
    type: format,
    strict: false,
  })
  return parsed.cues
    .filter(cue => cue.startTime >= 0 && cue.endTime > cue.startTime && cue.startTime < MAX_TIME)
    .sort((a, b) => a.startTime - b.startTime)
    .map(cue => ({
      start: cue.startTime,
      end: Math.min(cue.endTime, cue.startTime + MAX_CUE_SECONDS, MAX_TIME),
      lines: cue.text.split('\n').map(shownLine).filter(Boolean),
    }))
    .filter(cue => cue.lines.length > 0)
}

/** Tags and entities go first: an entity may stand for half a character or for a control character. */
const shownLine = (line: string) => toLine(plainLine(line), LIMITS.textLength)
