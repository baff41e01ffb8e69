/**
 * Words of one term that are looked for, one after the other; a row that has them is a candidate. A term such as `a.a.a.` may have
 * hundreds, and SQLite compares the places of each in every row.
 */
const PHRASE_WORDS = 8

/**
 * An FTS5 expression that matches rows of the tenant with any of the terms. Each is a quoted string, in which nothing but
 * the quote itself has a meaning (https://sqlite.org/fts5.html#fts5_strings); a zero byte would end the expression, so it
 * is a space.
 */
export function matchAny(tenant: string, terms: readonly string[]): string {
  const phrases = new Set(terms.map(firstWords))
  const quoted = [...phrases].map(term => `"${term.replaceAll('"', '""').replaceAll('\0', ' ')}"`)
  return `tenant : ${tenantWord(tenant)} AND {text also} : (${quoted.join(' OR ')})`
}

/** The beginning of a term. Words end where the tokenizer of the index, unicode61, ends them. */
function firstWords(term: string): string {
  const words = term.matchAll(/[\p{L}\p{N}\p{Co}\p{M}]+/gu)
  let count = 0
  for (const word of words) if (++count === PHRASE_WORDS) return term.slice(0, word.index + word[0].length)
  return term
}

/** As the view `visible_texts` spells it. */
const tenantWord = (tenant: string) => `q${Buffer.from(tenant).toString('hex')}q`
