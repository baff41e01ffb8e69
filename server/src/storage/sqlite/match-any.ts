/**
 * Most words of one term to search for, as a phrase; a row with these is a candidate. A term such as `a.a.a.` may have
 * hundreds, and SQLite compares the positions of each in every row.
 */
const PHRASE_WORDS = 8

/**
 * An FTS5 expression that matches the tenant's rows with any of the terms. Each term is a quoted string, in which only
 * the quote itself is special (https://sqlite.org/fts5.html#fts5_strings). A zero byte would end the expression, so it
 * becomes a space.
 */
export function matchAny(tenant: string, terms: readonly string[]): string {
  const phrases = new Set(terms.map(firstWords))
  const quoted = [...phrases].map(term => `"${term.replaceAll('"', '""').replaceAll('\0', ' ')}"`)
  return `tenant : ${tenantWord(tenant)} AND {text also} : (${quoted.join(' OR ')})`
}

/** The first words of a term, split as the index's tokenizer unicode61 does. */
function firstWords(term: string): string {
  const words = term.matchAll(/[\p{L}\p{N}\p{Co}\p{M}]+/gu)
  let count = 0
  for (const word of words) if (++count === PHRASE_WORDS) return term.slice(0, word.index + word[0].length)
  return term
}

/** Must match the spelling in the view `visible_texts`. */
const tenantWord = (tenant: string) => `q${Buffer.from(tenant).toString('hex')}q`
