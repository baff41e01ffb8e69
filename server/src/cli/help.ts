import { Command } from 'commander'
import { closestName } from '../lib/closest-name.js'

/** Gives a command, and those below it that have commands, a `help [command...]`; Commander's own looks one level deep. */
export function addHelp(parent: Command): void {
  for (const command of parent.commands) if (command.commands.length > 0) addHelp(command)
  parent.helpCommand(false).addCommand(
    new Command('help')
      .argument('[command...]', 'the command to tell of')
      .description('Shows the help of a command.')
      .action((names: readonly string[]) => find(parent, names).help()),
  )
}

function find(parent: Command, [name, ...deeper]: readonly string[]): Command {
  if (name === undefined) return parent
  const command = parent.commands.find(child => child.name() === name)
  if (command) return find(command, deeper)
  const names = parent.commands.map(child => child.name())
  if (names.length === 0) parent.error(`error: '${parent.name()}' has no command '${name}'`)
  const near = closestName(name, names)
  return parent.error(`error: unknown command '${name}'${near === undefined ? '' : `\n(Did you mean ${near}?)`}`)
}
