import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from './lib/environment.js'
import type { Outcome } from './scenarios/scenario.js'

/** Writes what a scenario found to `<folder>/<scenario>-<date>.json` and returns the text for people, file included. */
export async function report(
  { scenario, environment, folder }: { readonly scenario: string; environment: Environment; folder: string },
  { data, text }: Outcome,
): Promise<string> {
  const file = join(folder, `${scenario}-${environment.date.replaceAll(':', '').replace(/\.\d+/, '')}.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(file, `${JSON.stringify({ scenario, environment, ...data }, undefined, 2)}\n`)
  const { cpu, cores, node, system, commit, date } = environment
  return `${text}\n\n${cpu}, ${cores} cores, ${system}, Node ${node}, commit ${commit}, ${date}\n${file}`
}
