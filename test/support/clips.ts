import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Binaries, findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import type { Test } from 'tap'
import { testFolder } from './test-folder.js'

const run = promisify(execFile)

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=2']
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2']
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p']

/** Makes short clips with the bundled ffmpeg, or another one, in the test's own folder. */
export async function clipMaker(t: Test, binaries?: Pick<Binaries, 'ffmpeg'>) {
  const { ffmpeg } = binaries ?? (await findBinaries())
  const folder = testFolder(t)
  const path = (name: string) => join(folder, name)
  /** Runs ffmpeg with these arguments; the file comes last. */
  const make = async (name: string, args: readonly string[]): Promise<string> => {
    await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, path(name)])
    return path(name)
  }
  return {
    path,
    make,
    /** Two seconds of picture and sound, the index in front. */
    plain: () => make('plain.mp4', [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', '-movflags', '+faststart']),
    videoOnly: () => make('video.mp4', [...PICTURE, ...H264]),
    audioOnly: () => make('audio.wav', SOUND),
    /** 25 frames a second up to frame 19, then every third one. */
    variableRate: () =>
      make('vfr.mp4', [...PICTURE, '-vf', "select='lt(n,20)+not(mod(n,3))'", '-vsync', 'vfr', ...H264, '-bf', '0']),
    /** Ten seconds, long enough that its end can be missing. */
    long: (name: string, args: readonly string[]) =>
      make(name, ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=10', ...H264, ...args]),
    /** The first share of a file's bytes. */
    cut: async (file: string, share: number, name: string): Promise<string> => {
      const bytes = await readFile(file)
      await writeFile(path(name), bytes.subarray(0, Math.floor(bytes.length * share)))
      return path(name)
    },
    /** The bytes of a file up to a word in them, and it. */
    cutAfter: async (file: string, word: string, name: string): Promise<string> => {
      const bytes = await readFile(file)
      await writeFile(path(name), bytes.subarray(0, bytes.indexOf(word) + word.length))
      return path(name)
    },
    write: async (name: string, text: string): Promise<string> => {
      await writeFile(path(name), text)
      return path(name)
    },
  }
}
