import { Command } from 'commander'
import { diagnose } from '../models/doctor.js'
import { readSettings } from './settings.js'

/** `cuewire doctor`: runs every installed model once; fails when one does not work. */
export function doctorCommand(): Command {
  return new Command('doctor').description('Runs every model once and says what each really uses.').action(async () => {
    const { modelsDir, threads } = readSettings()
    for (const found of await diagnose({ dir: modelsDir, threads })) {
      if (found.state === 'works') {
        const { pack, provider, loadMs, runMs } = found
        console.log(
          `works    ${pack}  ${provider}, ${found.threads} threads, loaded in ${loadMs.toFixed(0)} ms, ran in ${runMs.toFixed(0)} ms`,
        )
      } else {
        console.log(`${found.state}  ${found.pack}  ${found.reason}; mend it with: ${found.command}`)
        process.exitCode = 1
      }
    }
  })
}
