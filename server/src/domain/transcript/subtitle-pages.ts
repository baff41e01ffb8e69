import { TranscriptSegment } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import { assert } from '../../lib/assert.js'
import { SchemaCheck } from '../../lib/schema-check.js'
import type { ParsedSubtitles } from './subtitles.js'

/** Sentences as JSON, in pages that take a few milliseconds each to read and to store. */
export interface SubtitlePages {
  readonly pages: readonly string[]
  readonly sentences: number
  readonly warnings: readonly string[]
}

const PAGE_SENTENCES = 100
const PAGE_CHARACTERS = 40_000

const page = new SchemaCheck(Type.Array(TranscriptSegment))

/** Packs sentences for the way between threads: strings are copied at once, objects one by one. */
export function toPages({ segments, warnings }: ParsedSubtitles): SubtitlePages {
  const pages: string[] = []
  let open: TranscriptSegment[] = []
  let characters = 0
  for (const segment of segments) {
    if (open.length >= PAGE_SENTENCES || (open.length > 0 && characters + segment.text.length > PAGE_CHARACTERS)) {
      pages.push(JSON.stringify(open))
      open = []
      characters = 0
    }
    open.push(segment)
    characters += segment.text.length
  }
  if (open.length > 0) pages.push(JSON.stringify(open))
  return { pages, sentences: segments.length, warnings }
}

/** The sentences of a page. */
export function fromPage(json: string): TranscriptSegment[] {
  const segments: unknown = JSON.parse(json)
  assert(page.valid(segments), 'the text thread gives sentences')
  return segments as TranscriptSegment[]
}
