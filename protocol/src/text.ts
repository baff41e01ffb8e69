import { type TString, Type } from '@sinclair/typebox'

/** All control characters except tab and line breaks: C0, DEL and C1. */
const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'
/** Tab, line feed, carriage return, line and paragraph separator. */
const BREAKS = '\\t\\n\\r\\u2028\\u2029'
/** Bidirectional embeddings, overrides and isolates, which change how the surrounding text is displayed. */
const BIDI = '\\u202a-\\u202e\\u2066-\\u2069'

/**
 * Matches any well-formed text without the given characters. The pattern has the same meaning with the `u` flag of JSON
 * Schema, where an unpaired surrogate is one character, and without it, where an emoji is two.
 */
const without = (refused: string) => `^(?:[^${refused}\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])*$`

interface TextKind {
  readonly pattern: string
  /** Its name in the reference. */
  readonly name: string
  /** The rule, for error messages. */
  readonly rule: string
}

/** The kinds of text by allowed characters. All are well-formed Unicode. */
export const TEXT_KINDS = {
  line: {
    pattern: without(CONTROLS + BREAKS + BIDI),
    name: 'one line',
    rule: 'must be one line of text, without control characters, line breaks and bidirectional overrides',
  },
  text: {
    pattern: without(CONTROLS),
    name: 'text',
    rule: 'must be text without control characters other than tabs and line breaks',
  },
  file: {
    pattern: without(''),
    name: 'file text',
    rule: 'must be well-formed Unicode',
  },
} as const satisfies Record<string, TextKind>

interface TextOptions {
  readonly minLength?: number
  readonly maxLength?: number
  readonly description?: string
}

/** Text shown on one line, such as titles and names. */
export const line = (options: TextOptions = {}): TString =>
  Type.String({ pattern: TEXT_KINDS.line.pattern, ...options })

/** Text of several lines: what people write or say. */
export const text = (options: TextOptions = {}): TString =>
  Type.String({ pattern: TEXT_KINDS.text.pattern, ...options })

/** The text of a file, with any characters. */
export const fileText = (options: TextOptions = {}): TString =>
  Type.String({ pattern: TEXT_KINDS.file.pattern, ...options })
