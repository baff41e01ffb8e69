import { closestName } from '../lib/closest-name.js'
import type { Fault } from '../lib/error-shape.js'
import { COMMAND_TABLE } from './command-table.js'

const NAMES = [...COMMAND_TABLE.keys()]
/** A longer name is no slip: it is not compared with the others. */
const LONGEST = Math.max(...NAMES.map(name => name.length)) * 2

/** Says that there is no such command, and which one may be meant. */
export function unknownCommand(name: string): Fault {
  const meant = name.length <= LONGEST ? closestName(name, NAMES) : undefined
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`
  return { code: 'command.unknown', message: `There is no command ${JSON.stringify(name)}.${question}` }
}
