import { Argument, Command } from 'commander'
import { chosenPacks } from '../chosen-packs.js'
import { errorMessage } from '../lib/error-message.js'
import { packChooser } from '../models/choose-pack.js'
import { ALL_TASKS } from '../models/models.js'
import type { Pack } from '../models/pack.js'
import { isUnpublished, packId } from '../models/pack.js'
import { DEFAULT_PACKS, findPack, PACKS, RECOMMENDED_PACKS } from '../models/registry.js'
import { checkPack } from '../models/verify.js'
import { modelFault } from './model-fault.js'
import { readSettings } from './settings.js'

const NAMES = PACKS.map(pack => pack.name)

/** `cuewire models list|pull|verify|remove`. */
export function modelsCommand(): Command {
  const models = new Command('models').description('Lists, installs, checks and removes the model packs.')
  models.command('list').description('Lists each pack with its task, licence and state.').action(list)
  models
    .command('pull')
    .description('Installs packs and repairs damaged ones. Intact packs are left alone.')
    .addArgument(new Argument('[names...]', 'the packs').choices(NAMES))
    .option('--default', 'the default pack of every task that has one')
    .option('--recommended', 'the packs that are better than the default ones')
    .option('--from <folder>', 'copy from another models folder instead of npm and the hub')
    .action(pull)
  models
    .command('verify')
    .description('Hashes the files of packs, and ends with 1 when one is not as it must be.')
    .addArgument(new Argument('[names...]', 'the packs; without any, those installed').choices(NAMES))
    .action(verify)
  models
    .command('remove')
    .description('Removes packs from the models folder.')
    .addArgument(new Argument('<names...>', 'the packs').choices(NAMES))
    .action(remove)
  return models
}

async function list(): Promise<void> {
  const settings = readSettings()
  const { modelsDir } = settings
  const chosen = chosenPacks(settings)
  console.log(modelsDir)
  const inUse = await Promise.all(
    ALL_TASKS.map(async task => (await packChooser(modelsDir, task, chosen[task])()).pack),
  )
  for (const pack of PACKS) {
    const status = await checkPack(modelsDir, pack)
    const ready = inUse.includes(pack) ? 'ready, in use' : 'ready'
    const state = status.state === 'ready' ? ready : modelFault(status)
    console.log(`  ${pack.name}  ${pack.version}  ${pack.task}  ${pack.licence}  ${state}`)
  }
}

async function pull(
  names: readonly string[],
  options: { readonly default?: boolean; readonly recommended?: boolean; readonly from?: string },
  command: Command,
): Promise<void> {
  const packs = [
    ...packsNamed(names),
    ...(options.default ? Object.values(DEFAULT_PACKS) : []),
    ...(options.recommended ? Object.values(RECOMMENDED_PACKS) : []),
  ]
  if (packs.length === 0) {
    command.error('error: name the packs to install, or say --default for the default ones, or --recommended')
  }

  const { modelsDir, hubUrl, hubToken } = readSettings()
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))
  console.log(`Into ${modelsDir}`)
  // Loaded on demand, as `serve` needs none of it.
  const { pullPack } = await import('./pull-pack.js')
  const shared = {
    dir: modelsDir,
    hub: { url: hubUrl, token: hubToken },
    signal: interrupted.signal,
    ...(options.from !== undefined && { mirror: options.from }),
  }
  for (const pack of packs) {
    try {
      await pullPack(pack, shared)
    } catch (error) {
      if (interrupted.signal.aborted) throw error
      // One pack that cannot be had does not keep the others from being installed.
      console.error(`cuewire: ${packId(pack)}: ${errorMessage(error)}${hint(pack, options)}`)
      process.exitCode = 1
    }
  }
}

/** What else can be done about a pack that no public hub has. */
function hint(pack: Pack, { from }: { readonly from?: string }): string {
  if (!isUnpublished(pack) || from !== undefined) return ''
  return `. This pack is on no public hub: copy it from a models folder that has it, with --from <folder>`
}

async function verify(names: readonly string[]): Promise<void> {
  const { modelsDir } = readSettings()
  for (const pack of names.length > 0 ? packsNamed(names) : PACKS) {
    const status = await checkPack(modelsDir, pack)
    if (status.state === 'missing' && names.length === 0) continue
    console.log(`  ${packId(pack)}  ${status.state === 'ready' ? 'ready' : modelFault(status)}`)
    if (status.state !== 'ready') process.exitCode = 1
  }
}

async function remove(names: readonly string[]): Promise<void> {
  const { modelsDir } = readSettings()
  const { removePack } = await import('../models/pull/remove.js')
  for (const pack of packsNamed(names)) {
    const wasThere = await removePack(modelsDir, pack)
    console.log(`  ${packId(pack)}  ${wasThere ? 'removed' : 'not installed'}`)
  }
}

function packsNamed(names: readonly string[]): Pack[] {
  return names.flatMap(name => findPack(name) ?? [])
}
