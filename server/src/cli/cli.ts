import { Command } from 'commander'
import { VERSION } from '../version.js'
import { doctorCommand } from './doctor.js'
import { modelsCommand } from './models.js'
import { serveCommand } from './serve.js'

/** The `cuewire` command line of the server. */
export async function cli(argv: readonly string[]): Promise<void> {
  const program = new Command('cuewire')
    .description('Understands video and talks about it over one WebSocket.')
    .version(VERSION)
    .addCommand(serveCommand())
    .addCommand(modelsCommand())
    .addCommand(doctorCommand())
  await program.parseAsync([...argv])
}
