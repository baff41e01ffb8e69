import { parentPort } from 'node:worker_threads'
import { assert } from '../../lib/assert.js'
import { yieldToEventLoop } from '../../lib/priority.js'
import { toSentError } from '../../lib/sent-error.js'
import { askedWords } from '../chat/evidence/asked-words.js'
import { centralities } from '../chat/evidence/central.js'
import { coverages, relevances } from '../chat/evidence/relevance.js'
import { countsThings, readQuestion } from '../chat/read-question.js'
import { chaptersOf } from '../processing/segment/chapter-columns.js'
import { outlineOf } from '../processing/segment/outline-columns.js'
import { matchedWords, readQuery } from '../search/query.js'
import { warmLanguage } from '../text/language.js'
import { toPages } from '../transcript/subtitle-pages.js'
import { parseSubtitles } from '../transcript/subtitles.js'
import type { FromTextWorker, ToTextWorker } from './text-messages.js'
import type { TextCallName, TextCalls } from './text-work.js'

yieldToEventLoop()

const answers: { readonly [Name in TextCallName]: (params: TextCalls[Name]['params']) => TextCalls[Name]['result'] } = {
  warm: () => void warmLanguage(),
  subtitles: request => toPages(parseSubtitles(request)),
  checkSubtitles: request => void parseSubtitles(request),
  chapters: chaptersOf,
  outline: outlineOf,
  query: readQuery,
  matches: ({ texts, terms }) => matchedWords(texts, terms),
  question: readQuestion,
  askedWords,
  coverages: ({ texts, terms }) => coverages(terms, texts),
  relevances,
  centralities,
  countsThings,
}

function answer({ name, params }: ToTextWorker): FromTextWorker {
  try {
    // The server's own side of this channel checked the types when it was compiled.
    return { type: 'result', result: (answers[name] as (params: unknown) => unknown)(params) }
  } catch (error) {
    return { type: 'error', ...toSentError(error) }
  }
}

assert(parentPort, 'text-worker.js runs in a worker thread')
const port = parentPort
port.on('message', (call: ToTextWorker) => port.postMessage(answer(call)))
