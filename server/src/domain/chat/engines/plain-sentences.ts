import { clockTime } from '../../../lib/clock-time.js'
import type { Abstention, Gaps } from '../abstention.js'
import type { Smalltalk } from '../smalltalk.js'

const SMALLTALK: Readonly<Record<Smalltalk, string>> = {
  help:
    'Ask what is said about something, or who, when, where and why; what happens at 2:30; what objects appear; ' +
    'what the videos of this chat are about. Each answer cites the second it comes from.',
  identity:
    'I answer questions about the videos of this chat, in the words that are said in them, and cite the second each ' +
    'answer comes from.',
  thanks: 'You are welcome.',
  farewell: 'Goodbye.',
  greeting: 'Hello! Ask me what is said or seen in the videos of this chat.',
  assent: 'All right. Ask me whatever else you want to know.',
  nothing: 'Please ask in words what you want to know about the videos of this chat.',
}

/** Words of a question that a sentence repeats. */
const WORDS = 4
const LABELS = 3

/** Reasons that a skipped stage may be the cause of. */
const FOUND_NOTHING: ReadonlySet<Abstention['code']> = new Set([
  'no_content',
  'no_chapter',
  'no_objects',
  'no_places',
  'objects_not_seen',
  'nothing_at',
  'nothing_beside',
  'not_mentioned',
  'not_together',
  'not_mentioned_then',
])

/** What an engine without a language model says where there is nothing to answer from. */
export const plainSentences = {
  smalltalk: (about: Smalltalk): string => SMALLTALK[about],
  abstain,
}

function abstain(reason: Abstention, gaps: Gaps = { unfinished: [], skipped: [] }): string {
  const sentence = reason.code === 'no_content' ? nothingFound(reason, gaps) : because(reason)
  const skipped = FOUND_NOTHING.has(reason.code) ? notLookedFor(gaps, reason.code === 'no_content') : ''
  return skipped ? `${sentence} ${skipped}` : sentence
}

function because(reason: Exclude<Abstention, { code: 'no_content' }>): string {
  switch (reason.code) {
    case 'no_video':
      return 'There is no video to answer from.'
    case 'which_video':
      return 'Which video do you mean? This chat is about several.'
    case 'which_moment':
      return `${reason.direction === 'after' ? 'After' : 'Before'} what? Ask about a moment first.`
    case 'which_subject':
      return 'Ask about something that is said or seen, or about a time such as 1:30.'
    case 'video_gone':
      return 'The video of the last answer is gone.'
    case 'no_chapter':
      return `The video has ${reason.chapters} ${reason.chapters === 1 ? 'chapter' : 'chapters'}.`
    case 'no_places':
      return 'I could not tell what kind of place is shown.'
    case 'no_objects':
      return 'No objects were recognised in this video.'
    case 'objects_not_seen':
      return `I saw no ${reason.labels.length > LABELS ? 'such thing' : reason.labels.join(' or ')} in this video.`
    case 'time_past_end':
      return `The video ends at ${clockTime(reason.duration)}; it has no ${clockTime(reason.asked)}.`
    case 'nothing_at':
      return `Nothing is said or recognised at ${clockTime(reason.at)} of this video.`
    case 'nothing_beside':
      return `Nothing more is said ${reason.direction} ${clockTime(reason.at)}.`
    case 'not_mentioned':
      return `I found nothing about ${listed(reason.words)} in ${videosNamed(reason)}.`
    case 'not_together':
      return `I found no answer to that in ${videosNamed(reason)}, though ${listed(reason.words)} ${reason.words.length === 1 ? 'occurs' : 'occur'} in ${reason.videos === 1 ? 'it' : 'them'}.`
    case 'not_mentioned_then':
      return 'It is not mentioned in that part of the video.'
    default:
      return reason satisfies never
  }
}

const videosNamed = ({ videos }: { readonly videos: number }) => (videos === 1 ? 'this video' : 'these videos')

function nothingFound(reason: { readonly videos: number }, { unfinished, skipped }: Gaps): string {
  const where = `in ${videosNamed(reason)}`
  if (unfinished.some(state => state === 'queued' || state === 'running'))
    return `Nothing has been found ${where} yet: the processing goes on.`
  const [end] = unfinished
  if (end) return `Nothing was found ${where}: the processing ${end === 'failed' ? 'failed' : 'was cancelled'}.`
  const without = lookedFor(skipped).map(found => `no ${found}`)
  const list = without.length > 1 ? `${without.slice(0, -1).join(', ')} and ${without.at(-1)}` : without.join('')
  return `Nothing was found ${where}${list && `: ${list}`}.`
}

/** What was looked for in every video, and was not there. Without the others chapters tell nothing. */
function lookedFor(skipped: Gaps['skipped']): string[] {
  const isSkipped = (stage: string) => skipped.some(({ name }) => name === stage)
  return [
    ...(isSkipped('transcript') ? [] : ['speech']),
    ...(isSkipped('transcript') || isSkipped('objects') ? [] : ['chapters']),
    ...(isSkipped('objects') ? [] : ['objects']),
  ]
}

/** The stages that were skipped, or only those that can be mended, each with its command. */
function notLookedFor({ skipped }: Gaps, isEveryStageTold: boolean): string {
  const told = skipped.filter(({ command }) => isEveryStageTold || command !== undefined)
  const stages = told.map(({ name, reason, command }) => {
    const fix = command === undefined ? undefined : `fix it with: ${command}`
    return `${name} (${[reason, fix].filter(part => part !== undefined).join('; ')})`
  })
  if (stages.length === 0) return ''
  const again = told.some(({ command }) => command !== undefined) ? ' Then process the video again.' : ''
  return `Skipped: ${stages.join(', ')}.${again}`
}

function listed(words: readonly string[]): string {
  const quoted = words.slice(0, WORDS).map(word => `“${word}”`)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}` : (quoted[0] ?? 'that')
}
