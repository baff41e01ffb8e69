import { type TString, Type } from '@sinclair/typebox'

/** Every control character but tab and line breaks: C0, DEL and C1. */
const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'
/** Tab, line feed, carriage return, line and paragraph separator. */
const BREAKS = '\\t\\n\\r\\u2028\\u2029'
/** Bidirectional embeddings, overrides and isolates, which change the order in which text around them is shown. */
const BIDI = '\\u202a-\\u202e\\u2066-\\u2069'

/**
 * Any well-formed text without the characters of a class. The pattern means the same with the `u` flag of JSON Schema,
 * where half a surrogate pair is a character of its own, and without it, where each emoji is two.
 */
const without = (refused: string) => `^(?:[^${refused}\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])*$`

interface TextKind {
  readonly pattern: string
  /** Its name in the reference. */
  readonly name: string
  /** What it must be, for error messages. */
  readonly rule: string
}

/** The kinds of text, by what may be in them. Text of any kind is well-formed Unicode. */
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

/** Titles, names and whatever else is shown in a line among other text. */
export const line = (options: TextOptions = {}): TString =>
  Type.String({ pattern: TEXT_KINDS.line.pattern, ...options })

/** Text of several lines: what people write, and what was said. */
export const text = (options: TextOptions = {}): TString =>
  Type.String({ pattern: TEXT_KINDS.text.pattern, ...options })

/** The text of a file, in which any character may be. */
export const fileText = (options: TextOptions = {}): TString =>
  Type.String({ pattern: TEXT_KINDS.file.pattern, ...options })
