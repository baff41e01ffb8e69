import type { Talk } from '@cuewire/bench/eval/talk.js'
import type { Test } from 'tap'
import { clipMaker } from './clips.js'

/** A black picture as long as a talk, with the talk as its subtitles. */
export async function talkFile(t: Test, { segments, duration }: Pick<Talk, 'segments' | 'duration'>): Promise<string> {
  const clips = await clipMaker(t)
  const cues = segments.map(({ start, end, text }, at) => `${at + 1}\n${srtTime(start)} --> ${srtTime(end)}\n${text}\n`)
  const srt = await clips.write('talk.srt', cues.join('\n'))
  const black = `color=size=64x36:rate=2:duration=${duration}`
  return await clips.make('talk.mkv', ['-f', 'lavfi', '-i', black, '-i', srt, '-c:v', 'libx264', '-c:s', 'srt'])
}

const srtTime = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23).replace('.', ',')
