/** The language of a tag without its region: "en" of "eng" and of "en-US", "de" of "ger". */
export function baseLanguage(tag: string): string {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return tag.toLowerCase()
  }
}

/** The English name of a language, or its tag if it has none: "German" of "ger" and of "de-AT". */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(baseLanguage(tag)) ?? tag
  } catch {
    return tag
  }
}
