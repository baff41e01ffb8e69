import { Command } from 'commander'
import { readSettings } from './settings.js'

/**
 * `cuewire doctor`: loads the transport, and runs ffmpeg and every installed model once. Fails if one does not work.
 */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Loads the transport, runs ffmpeg and every model once, and reports what is in use.')
    .action(async () => {
      const settings = readSettings()
      // Loaded on demand: `serve` needs less.
      const { examine } = await import('./examine.js')
      await examine(settings)
    })
}
