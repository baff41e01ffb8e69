import { COMMANDS } from '@cuewire/protocol'
import type { Dice } from './dice.js'

const EXAMPLES = Object.entries(COMMANDS).map(([type, { example }]) => ({ type, data: example.params }))

/** A command from the protocol's own examples, with an id. */
export function validCommand(dice: Dice, id: string): string {
  return JSON.stringify({ ...dice.pick(EXAMPLES), id })
}

const STRINGS = [
  '',
  '\u0000',
  'é中🦊\u202e\ufeff',
  '\ud800',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  "' OR 1=1 --",
  '%00%2e%2e',
  'NaN',
  'library',
  'video/01JD7Z0V3N8W6XQ2K4T5R9M1AB',
]
const NUMBERS = [-1, 0, -0, 0.1, 1e-320, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63), Number.MAX_SAFE_INTEGER]
const KEYS = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'id', 'type', 'data', 'videoId', 'toJSON', '']

/** A value nobody expects. */
function oddValue(dice: Dice): unknown {
  switch (dice.below(9)) {
    case 0:
      return null
    case 1:
      return dice.chance(0.5)
    case 2:
      return dice.pick(NUMBERS)
    case 3:
      return dice.pick(STRINGS)
    case 4:
      return dice.pick(STRINGS).repeat(dice.between(1, 400))
    case 5:
      return Array.from({ length: dice.below(300) }, () => dice.pick(NUMBERS))
    case 6:
      return JSON.parse('{"__proto__":{"id":1,"scope":"admin"},"constructor":{"prototype":{}}}')
    case 7:
      return nested(dice.between(2, 40))
    default:
      return {}
  }
}

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { data: value }
  return value
}

/** A command with one to three of its values, keys or members changed; valid JSON. */
export function changedCommand(dice: Dice, id: string): string {
  const frame: Record<string, unknown> = { ...structuredClone(dice.pick(EXAMPLES)), id }
  for (let changes = dice.between(1, 3); changes > 0; changes--) {
    const { data } = frame
    const target = isRecord(data) && dice.chance(0.7) ? data : frame
    const keys = Object.keys(target)
    const key = dice.chance(0.75) && keys.length > 0 ? dice.pick(keys) : dice.pick(KEYS)
    if (dice.chance(0.2)) delete target[key]
    else Object.defineProperty(target, key, { value: oddValue(dice), enumerable: true, configurable: true })
  }
  return JSON.stringify(frame)
}

/** Text made from a command by edits that mostly break its JSON. */
export function brokenText(dice: Dice, id: string): string {
  const text = validCommand(dice, id)
  const at = dice.below(text.length)
  switch (dice.below(7)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(at)
    case 2:
      return text + text
    case 3:
      return text.slice(0, at) + String.fromCharCode(dice.below(0xd800)) + text.slice(at + 1)
    case 4:
      return text.replaceAll('"', dice.pick(["'", '', '""', '\\"']))
    case 5:
      return text.replace(/[0-9]+/, `1e${dice.below(5000)}`)
    default:
      return dice.pick(['[', '{"data":', '[[{"id":']).repeat(dice.between(1, 20_000))
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
