/**
 * An FTS5 expression that matches rows with any of the terms. Each is a quoted string, in which nothing but the quote
 * itself has a meaning (https://sqlite.org/fts5.html#fts5_strings); a zero byte would end the expression, so it is a space.
 */
export function matchAny(terms: readonly string[]): string {
  return [...new Set(terms)].map(term => `"${term.replaceAll('"', '""').replaceAll('\0', ' ')}"`).join(' OR ')
}
