import { type ChatResult, evaluateChat, scores } from './chat-eval.js'
import { DEVELOPMENT, type QuestionSet, SECOND, UNSEEN } from './questions.js'

/** Prints how well questions are answered, on the questions used for tuning and on those that were not. */
async function main(): Promise<void> {
  const verbose = process.argv.includes('--verbose')
  const sets: Record<string, readonly QuestionSet[]> = { development: DEVELOPMENT, second: SECOND, unseen: UNSEEN }
  const table: Record<string, Record<string, number>> = {}
  for (const [name, questions] of Object.entries(sets)) {
    if (process.argv.includes('--development') && name !== 'development') continue
    const results = await evaluateChat(questions)
    const { hitRate, abstentionPrecision, abstentionRecall, questions: count } = scores(results)
    table[name] = {
      questions: count,
      'hit rate (5 s)': round(hitRate),
      'abstention precision': round(abstentionPrecision),
      'abstention recall': round(abstentionRecall),
    }
    if (verbose)
      for (const result of results) if (isWrong(result)) console.log(`${name}: ${result.question}\n    ${result.text}`)
  }
  console.table(table)
}

const isWrong = ({ answerable, abstained, hit }: ChatResult) => (answerable ? !hit : !abstained)
const round = (share: number) => Math.round(share * 1000) / 1000

await main()
