import type { Test } from 'tap'
import { clipMaker } from './clips.js'

/** Clips in one folder for all tests of a file: those that are the same for each are made once. */
export type SharedClips = Awaited<ReturnType<typeof clipMaker>>

export async function shareClips(t: Test): Promise<SharedClips> {
  const clips = await clipMaker(t)
  const once = (make: () => Promise<string>) => {
    let made: Promise<string> | undefined
    return () => {
      made ??= make()
      return made
    }
  }
  return {
    ...clips,
    plain: once(clips.plain),
    videoOnly: once(clips.videoOnly),
    audioOnly: once(clips.audioOnly),
    variableRate: once(clips.variableRate),
  }
}
