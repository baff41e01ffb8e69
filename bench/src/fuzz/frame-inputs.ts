import { LIMITS } from '@cuewire/protocol'
import { OPCODE, rawFrame } from '../lib/raw-frame.js'
import { brokenText, changedCommand, validCommand } from './command-text.js'
import type { Dice } from './dice.js'

/** Bytes for an open connection that it must survive. */
export interface HarmlessInput {
  readonly kind: string
  readonly bytes: Buffer
  /** Answers the server owes: one for each whole text or binary message. */
  readonly answers: number
  /** Id the answer must carry, where the input is certain to hold a command with this id. */
  readonly id?: string
}

/** Bytes after which the server must end the connection. */
export interface FatalInput {
  readonly kind: string
  readonly bytes: Buffer
}

const MAX_CONTROL_BYTES = 125
/** Shares of the rare, large inputs. */
const LARGE_SHARE = 0.0005
const DEEP_SHARE = 0.0005

export function harmlessInput(dice: Dice, id: string): HarmlessInput {
  if (dice.chance(LARGE_SHARE)) {
    const text = JSON.stringify({ type: 'ping', id, data: { pad: 'x'.repeat(LIMITS.frameBytes) } })
    return { kind: 'over the soft limit', bytes: rawFrame(Buffer.from(text)), answers: 1 }
  }
  if (dice.chance(DEEP_SHARE)) {
    const levels = dice.between(1_000, 80_000)
    const text = `{"type":"ping","data":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`
    return { kind: 'deep nesting', bytes: rawFrame(Buffer.from(text)), answers: 1 }
  }
  const roll = dice.below(100)
  if (roll < 15) return command(dice, id)
  if (roll < 55) return message('changed command', changedCommand(dice, id))
  if (roll < 75) return message('broken text', brokenText(dice, id))
  if (roll < 82) return message('random letters', dice.bytes(dice.below(200)).toString('latin1'))
  if (roll < 87) return binary(dice)
  if (roll < 95) return fragmented(dice, id)
  const control = dice.bytes(dice.below(MAX_CONTROL_BYTES + 1))
  return {
    kind: 'ping or pong',
    bytes: rawFrame(control, { opcode: dice.pick([OPCODE.ping, OPCODE.pong]) }),
    answers: 0,
  }
}

/** A command that is in order: between faulty frames it keeps the connection from being closed as abuse. */
export function command(dice: Dice, id: string): HarmlessInput {
  return { ...message('valid command', validCommand(dice, id)), id }
}

function message(kind: string, text: string): HarmlessInput {
  return { kind, bytes: rawFrame(Buffer.from(text)), answers: 1 }
}

function binary(dice: Dice): HarmlessInput {
  const bytes = rawFrame(dice.bytes(dice.below(2000)), { opcode: OPCODE.binary })
  return { kind: 'binary', bytes, answers: 1 }
}

/** A valid command in several frames, cut anywhere, with pings between them. */
function fragmented(dice: Dice, id: string): HarmlessInput {
  const payload = Buffer.from(validCommand(dice, id))
  const frames: Buffer[] = []
  let at = 0
  while (at < payload.length) {
    const end = dice.chance(0.2) ? payload.length : Math.min(payload.length, at + dice.below(30))
    const opcode = frames.length === 0 ? OPCODE.text : OPCODE.continuation
    frames.push(rawFrame(payload.subarray(at, end), { opcode, fin: end === payload.length }))
    if (end < payload.length && dice.chance(0.2)) frames.push(rawFrame(dice.bytes(4), { opcode: OPCODE.ping }))
    at = end
  }
  return { kind: 'fragmented', bytes: Buffer.concat(frames), answers: 1, id }
}

const FATAL: Readonly<Record<string, (dice: Dice) => Buffer>> = {
  'continuation without start': dice =>
    rawFrame(dice.bytes(20), { opcode: OPCODE.continuation, fin: dice.chance(0.5) }),
  'text inside a fragmented message': dice =>
    Buffer.concat([rawFrame(dice.bytes(0), { fin: false }), rawFrame(Buffer.from('{}'), { fin: dice.chance(0.5) })]),
  'unknown opcode': dice => rawFrame(dice.bytes(5), { opcode: dice.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
  'reserved bits': dice => rawFrame(Buffer.from('{"type":"ping"}'), { reserved: dice.between(1, 7) }),
  'long control frame': dice =>
    rawFrame(dice.bytes(dice.between(126, 400)), { opcode: dice.pick([OPCODE.ping, OPCODE.pong, OPCODE.close]) }),
  'fragmented control frame': dice =>
    rawFrame(dice.bytes(5), { opcode: dice.pick([OPCODE.ping, OPCODE.close]), fin: false }),
  'bad UTF-8': dice => rawFrame(Buffer.concat([Buffer.from('{"type":"'), dice.pick(BAD_UTF8), Buffer.from('ping"}')])),
  'announced over the hard limit': dice =>
    rawFrame(dice.bytes(40), { announced: dice.pick([4_194_305n, 1n << 31n, 1n << 32n, (1n << 63n) - 1n, 1n << 63n]) }),
  'close with a bad body': dice => rawFrame(dice.bytes(dice.below(126)), { opcode: OPCODE.close }),
}
const BAD_UTF8 = ['ff', 'c080', 'eda080', 'f4908080', 'e282', '80', 'f8888080'].map(hex => Buffer.from(hex, 'hex'))
export const FATAL_KINDS = Object.keys(FATAL)

export function fatalInput(dice: Dice): FatalInput {
  const kind = dice.pick(FATAL_KINDS)
  return { kind, bytes: (FATAL[kind] ?? (() => Buffer.alloc(0)))(dice) }
}

/** Bytes of which nobody can say what the server owes for them, only that it must stay well. */
export function wildInput(dice: Dice, id: string): FatalInput {
  switch (dice.below(4)) {
    case 0:
      return { kind: 'random bytes', bytes: dice.bytes(dice.between(1, 300)) }
    case 1:
      return { kind: 'unmasked frame', bytes: rawFrame(Buffer.from(validCommand(dice, id)), { masked: false }) }
    case 2: {
      const payload = Buffer.from(validCommand(dice, id))
      const lengthBits = dice.pick([16, 64] as const)
      return { kind: 'wrong length', bytes: rawFrame(payload, { announced: BigInt(dice.below(400)), lengthBits }) }
    }
    default: {
      const bytes = rawFrame(Buffer.from(changedCommand(dice, id)))
      for (let flips = dice.between(1, 20); flips > 0; flips--) {
        const at = dice.below(bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
      }
      return { kind: 'flipped bits', bytes: bytes.subarray(0, dice.between(1, bytes.length)) }
    }
  }
}
