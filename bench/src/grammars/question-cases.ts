import { LIMITS } from '@cuewire/protocol'

const COMMON = `leave run go take make come see find give tell think big small fast begin end help use get keep show say know work`
const FUNCTION_WORDS = 'the of and to a in is it you that he was for on are with as I his they be at one have'

const UNITS = [
  'what happens ',
  'what comes before after ',
  'how long does it ',
  'at the minute ',
  'at 1:11 ',
  'between 1:11 and ',
  'in the first minute of the video ',
  '1 s and ',
  'one ',
  '1.',
  'the first chapter ',
  'hot dog ',
  'animals vehicles food furniture ',
  `${COMMON} `,
  'a.',
  'a-',
  "a'",
  '#',
  '(',
  '?',
  'http://a/',
  ' ',
  '\t',
  '\0',
  '今',
  '😀',
  '\ud800',
]

/** Questions and queries at full length that are hard on those who read them. */
export const QUESTION_CASES: readonly string[] = [
  COMMON,
  FUNCTION_WORDS,
  ...UNITS.map(unit => unit.repeat(LIMITS.queryLength).slice(0, LIMITS.queryLength)),
]
