import { clockTime } from '../../../lib/clock-time.js'
import type { Abstention } from '../abstention.js'
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

/** What an engine without a language model says where there is nothing to answer from. */
export const plainSentences = {
  smalltalk: (about: Smalltalk): string => SMALLTALK[about],
  abstain,
}

function abstain(reason: Abstention): string {
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
    case 'no_content':
      return 'Nothing has been found in this video yet: no speech, no chapters and no objects.'
    case 'no_chapter':
      return `The video has ${reason.chapters} ${reason.chapters === 1 ? 'chapter' : 'chapters'}.`
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
      return `I found nothing about ${listed(reason.words)} in ${reason.videos === 1 ? 'this video' : 'these videos'}.`
    case 'not_mentioned_then':
      return 'It is not mentioned in that part of the video.'
    default:
      return reason satisfies never
  }
}

function listed(words: readonly string[]): string {
  const quoted = words.slice(0, WORDS).map(word => `“${word}”`)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}` : (quoted[0] ?? 'that')
}
