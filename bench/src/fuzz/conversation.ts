import { connect } from 'node:net'
import { OPCODE, rawFrame } from '../lib/raw-frame.js'
import { Wire } from '../lib/wire.js'
import type { Dice } from './dice.js'
import { command, fatalInput, harmlessInput, wildInput } from './frame-inputs.js'
import { httpInput } from './http-inputs.js'
import { Ledger } from './ledger.js'
import type { Tally } from './tally.js'

/** How long a server that other load slows down may take for what it owes. */
const PATIENCE_MS = 15_000
/** A conversation of HTTP waits this long for an answer or an end: half a request gets neither, soon. */
const HTTP_WAIT_MS = 60
/** Well below the faulty frames in a row that close a connection. */
const FAULTY_IN_A_ROW = 20
const SLOW_BYTE_MS = 500
const OVER_HARD_LIMIT = 5 * 1024 * 1024

export interface Talk {
  readonly port: number
  readonly dice: Dice
  readonly tally: Tally
  /** Set apart from those of other conversations. */
  readonly name: string
  readonly localAddress: string
}

/** A connection that sends inputs it must survive, checks that each was answered once, and ends in one of many ways. */
export async function frameConversation(talk: Talk, inputs: number): Promise<void> {
  const { dice, tally, name } = talk
  const ledger = new Ledger()
  const wire = new Wire({ ...talk, onText: text => ledger.take(text) })
  const sent: Buffer[] = []
  for (let index = 0; index < inputs; index++) {
    if (index % FAULTY_IN_A_ROW === 0) {
      const beat = command(dice, `${name}.beat${index}`)
      ledger.owe(beat.answers, beat.id)
      sent.push(beat.bytes)
    }
    const input = harmlessInput(dice, `${name}.${index}`)
    tally.input(input.kind)
    ledger.owe(input.answers, input.id)
    sent.push(input.bytes)
  }
  await wire.opened()
  for (const piece of pieces(Buffer.concat(sent), dice)) {
    wire.write(piece)
    await new Promise(resolve => setImmediate(resolve))
  }
  await Promise.race([ledger.settled(PATIENCE_MS), wire.ended])
  const fault = ledger.fault()
  tally.answers += ledger.count
  if (fault !== undefined) tally.fault(`${name}: ${fault}${wire.isEnded ? ', and the connection ended' : ''}`)
  if (!wire.isEnded) await end(talk, wire)
}

async function end({ dice, tally, name }: Talk, wire: Wire): Promise<void> {
  const way = dice.below(10)
  if (way < 6) {
    const big = dice.chance(0.01)
    const input = big
      ? { kind: 'over the hard limit', bytes: rawFrame(Buffer.alloc(OVER_HARD_LIMIT, 'x')) }
      : fatalInput(dice)
    tally.input(input.kind)
    wire.write(input.bytes)
    if (!(await endsWithin(wire, PATIENCE_MS))) tally.fault(`${name}: survived ${input.kind}`)
  } else if (way < 9) {
    const input = wildInput(dice, name)
    tally.input(input.kind)
    wire.write(input.bytes)
    await endsWithin(wire, 5)
  } else {
    tally.input('fragment left open')
    wire.write(rawFrame(dice.bytes(10), { opcode: OPCODE.binary, fin: false }))
  }
  wire.reset()
}

/** More faulty frames in a row than are tolerated: the server must close with its code for abuse. */
export async function abusiveConversation(talk: Talk, faultyFrames: number): Promise<void> {
  const wire = new Wire({ ...talk })
  await wire.opened()
  for (let index = 0; index < faultyFrames; index++) {
    talk.tally.input('abuse')
    wire.write(rawFrame(Buffer.from('{')))
  }
  await endsWithin(wire, PATIENCE_MS)
  const code = wire.isEnded ? await wire.ended : undefined
  if (code !== 4000) talk.tally.fault(`${talk.name}: abuse was closed with ${code}, not 4000`)
  wire.reset()
}

/** Bytes to a fresh TCP connection: HTTP requests and handshakes, right and wrong, in pieces, left half way. */
export async function httpConversation({ port, dice, tally, localAddress }: Talk, inputs: number): Promise<void> {
  const requests = Array.from({ length: inputs }, () => httpInput(dice, `127.0.0.1:${port}`))
  for (const { kind } of requests) tally.input(kind)
  const bytes = Buffer.concat(requests.map(request => request.bytes))
  const socket = connect({ host: '127.0.0.1', port, localAddress })
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, HTTP_WAIT_MS)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    socket.on('error', () => tally.resets++)
    socket.on('close', done)
    socket.on('data', () => void tally.httpReplies++)
    socket.on('connect', () => {
      for (const piece of pieces(dice.chance(0.2) ? bytes.subarray(0, dice.below(bytes.length)) : bytes, dice)) {
        socket.write(piece)
      }
      if (dice.chance(0.3)) socket.end()
    })
  })
  socket.resetAndDestroy()
}

/** A client whose header never ends, a byte now and then: resolves with whether the server ended it by itself. */
export async function slowConversation({ port, tally, localAddress }: Talk, patienceMs: number): Promise<boolean> {
  tally.input('slow headers')
  const socket = connect({ host: '127.0.0.1', port, localAddress })
  socket.write(`GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `)
  const dribble = setInterval(() => socket.write('x'), SLOW_BYTE_MS)
  const ended = await new Promise<boolean>(resolve => {
    const timer = setTimeout(() => resolve(false), patienceMs)
    socket.on('error', () => tally.resets++)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
  clearInterval(dribble)
  socket.destroy()
  return ended
}

/** The bytes in one to five writes, cut anywhere. */
function pieces(bytes: Buffer, dice: Dice): Buffer[] {
  const cuts = Array.from({ length: dice.below(5) }, () => dice.below(bytes.length + 1)).sort((a, b) => a - b)
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length))
}

async function endsWithin(wire: Wire, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise(resolve => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([wire.ended, timeout])
  clearTimeout(timer)
  return wire.isEnded
}
