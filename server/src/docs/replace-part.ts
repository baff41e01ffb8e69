/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; throws when the marks are missing. */
export function replacePart(document: string, name: string, text: string): string {
  const begin = `<!-- begin ${name} -->`
  const end = `<!-- end ${name} -->`
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the document has no part marked ${begin} ... ${end}`)
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`
}
