import type { ClientMedia, MediaTools } from '@cuewire/server/media/media-tools.js'
import t from 'tap'
import type { SharedClips } from '../support/shared-clips.js'
import { decodeContract } from './media/decode.js'
import { probeContract } from './media/probe.js'
import { stillsContract } from './media/stills.js'
import { subtitlesContract } from './media/subtitles.js'

/** What every implementation of the media tools must do. The clips are those of all implementations. */
export function mediaContract(name: string, media: MediaTools, clips: SharedClips): void {
  clientMediaContract(name, media, clips)
  t.test(`${name}: decode`, async test => decodeContract(test, media, clips))
  t.test(`${name}: subtitles`, async test => subtitlesContract(test, media, clips))
}

/** The part of it that serves clients. */
export function clientMediaContract(name: string, media: ClientMedia, clips: SharedClips): void {
  t.test(`${name}: probe`, async test => probeContract(test, media, clips))
  t.test(`${name}: stills`, async test => stillsContract(test, media, clips))
}
