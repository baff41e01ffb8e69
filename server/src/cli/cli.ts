import { Command, CommanderError } from 'commander'
import { errorMessage } from '../lib/error-message.js'
import { isSettingError } from '../lib/setting-error.js'
import { VERSION } from '../version.js'
import { doctorCommand } from './doctor.js'
import { addHelp } from './help.js'
import { modelsCommand } from './models.js'
import { serveCommand } from './serve.js'

const EXIT_FAILED = 1
/** Wrong arguments or settings: running the same command again does not help. */
const EXIT_USAGE = 2

/** The `cuewire` command line. Reports failures to the user on standard error, and to scripts by exit status. */
export async function cli(argv: readonly string[]): Promise<void> {
  // The reader of a pipe, such as `head`, has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  try {
    await createProgram().parseAsync([...argv])
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    // Commander has already printed its own errors. Without a command it prints only the help.
    if (error instanceof CommanderError) {
      if (process.exitCode && error.code === 'commander.help') console.error('\ncuewire: name one of these commands')
      return
    }
    console.error(`cuewire: ${errorMessage(error)}`)
  }
}

function exitCodeOf(error: unknown): number {
  // Requested help and version output also arrives as an error, with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  return isSettingError(error) ? EXIT_USAGE : EXIT_FAILED
}

function createProgram(): Command {
  const program = new Command('cuewire')
    .description('Video understanding and chat over one WebSocket.')
    .version(VERSION)
    .addCommand(serveCommand())
    .addCommand(modelsCommand())
    .addCommand(doctorCommand())
    .addCommand(new Command('version').description('Prints the version.').action(() => console.log(VERSION)))
    .addHelpText(
      'after',
      `
Settings come from the environment, such as CUEWIRE_PORT; the README has the table.
Ends with 0 when done, 1 when it failed, 2 when arguments or settings, or what they name, are wrong.`,
    )
    .showHelpAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'cuewire: ')) })
    .exitOverride()
  addHelp(program)
  inheritSettings(program)
  return program
}

/** Commander passes its settings only to commands made with `.command()`. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inheritSettings(command)
  }
}
