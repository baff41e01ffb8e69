import { type CommandName, type CommandResult, KIND_NAMES, KINDS, type KindName, kindOf } from '@cuewire/protocol'
import { timeline } from '../../domain/navigation/timeline.js'
import { renameSpeaker } from '../../domain/transcript/rename-speaker.js'
import type { CommandContext, Handlers } from '../handler.js'
import { nextOf, pageOf } from './page.js'

/** `<kind>.get` of every kind of content. */
type GetName = Extract<CommandName, (typeof KINDS)[KindName]['get']>
type ContentHandlers = Pick<Handlers, GetName | 'transcript.put' | 'speakers.rename' | 'timeline.get'>

interface GetParams {
  readonly videoId: string
  readonly start?: number
  readonly end?: number
  readonly label?: string
  readonly limit?: number
  readonly cursor?: string
}

const getHandlers = Object.fromEntries(KIND_NAMES.map(kind => [KINDS[kind].get, getHandler(kind)])) as unknown as Pick<
  Handlers,
  GetName
>

function getHandler(kind: KindName) {
  const { field } = kindOf(kind)
  return async (params: GetParams, { services }: CommandContext) => {
    const { videoId, start, end, label } = params
    await services.videos.get(videoId)
    const labels = label === undefined ? undefined : [label]
    const page = await services.store.content.list(videoId, kind, { ...pageOf(params), start, end, labels })
    return { [field]: page.items, ...nextOf(page) } as unknown as CommandResult<GetName>
  }
}

export const contentHandlers: ContentHandlers = {
  ...getHandlers,

  'transcript.put': async ({ videoId, subtitles }, { services, traceparent }) => ({
    job: await services.processing.putTranscript(videoId, subtitles, traceparent),
  }),

  'speakers.rename': async ({ videoId, from, to }, { services }) => ({
    segments: await renameSpeaker(services.store, videoId, { from, to }),
  }),

  'timeline.get': async ({ videoId, start, end, lanes }, { services }) => {
    const { media } = await services.videos.get(videoId)
    return { duration: media.duration, lanes: await timeline(services.store, videoId, { start, end, lanes }) }
  },
}
