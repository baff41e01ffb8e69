/**
 * An FTS5 expression that matches rows of the tenant with any of the terms. Each is a quoted string, in which nothing but
 * the quote itself has a meaning (https://sqlite.org/fts5.html#fts5_strings); a zero byte would end the expression, so it
 * is a space.
 */
export function matchAny(tenant: string, terms: readonly string[]): string {
  const quoted = [...new Set(terms)].map(term => `"${term.replaceAll('"', '""').replaceAll('\0', ' ')}"`)
  return `tenant : ${tenantWord(tenant)} AND {text also} : (${quoted.join(' OR ')})`
}

/** As the view `visible_texts` spells it. */
const tenantWord = (tenant: string) => `q${Buffer.from(tenant).toString('hex')}q`
