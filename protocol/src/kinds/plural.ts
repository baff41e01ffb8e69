const IRREGULAR: Readonly<Record<string, string>> = {
  person: 'people',
  mouse: 'mice',
  knife: 'knives',
  sheep: 'sheep',
  scissors: 'scissors',
  skis: 'skis',
  broccoli: 'broccoli',
}

/** English plural of an object label ("wine glass" -> "wine glasses"), for the forms a stemmer does not join. */
export function plural(label: string): string {
  const [, before = '', last = ''] = /^(.*?)(\S*)$/.exec(label) ?? []
  return before + (IRREGULAR[last] ?? regular(last))
}

function regular(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return `${word}s`
}
