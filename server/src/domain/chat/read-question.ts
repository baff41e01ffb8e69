import { labelMentions } from '../search/labels.js'
import { contentKeys, termsOf } from '../text/terms.js'
import { type Intent, intentOf } from './intent.js'

export interface QuestionRequest {
  readonly question: string
  /** Titles of the videos the chat is about. */
  readonly titles: readonly string[]
}

export interface ReadQuestion {
  readonly intent: Intent
  /** For each title, whether the question names it. */
  readonly named: readonly boolean[]
}

/** What a question wants, and of which videos. */
export function readQuestion({ question, titles }: QuestionRequest): ReadQuestion {
  const asked = new Set(contentKeys(question))
  const named = titles.map(title => {
    const keys = contentKeys(title)
    return keys.length > 0 && keys.every(key => asked.has(key))
  })
  return { intent: intentOf(question), named }
}

/** Whether each text has a number right before the name of a thing: "forty small boats". */
export function countsThings(texts: readonly string[]): boolean[] {
  return texts.map(text => {
    const terms = termsOf(text)
    return labelMentions(text).some(({ words }) => {
      const at = terms.findIndex(term => term.lower === words[0])
      return terms.slice(Math.max(0, at - 2), at).some(term => term.pos === 'NUM')
    })
  })
}
