import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { soundArguments } from '@cuewire/server/media/ffmpeg/decode-arguments.js'
import { writeSound } from '@cuewire/server/media/ffmpeg/sound-writer.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { testFolder } from '../../support/test-folder.js'

const clips = await clipMaker(t)
const source = { index: 0, sampleRate: 44_100, channels: 1, named: true }
const args = soundArguments(await clips.audioOnly(), source)
const { ffmpeg } = await findBinaries()
const { stdout } = await promisify(execFile)(ffmpeg, args, { encoding: 'buffer', maxBuffer: 1 << 24 })

/** The sound in a pipe whose program has exited: Node lets it flow, whether anybody reads it or not. */
function abandonedPipe(): PassThrough {
  const pipe = new PassThrough({ highWaterMark: stdout.length })
  pipe.end(stdout)
  process.nextTick(() => pipe.resume())
  return pipe
}

const target = (file: string) => ({ file, channels: 1, latest: 60, progress: () => undefined }) as const

t.test('sound is whole although its program ended before the file was open', async t => {
  const file = join(testFolder(t), 'sound')
  await writeSound(abandonedPipe(), target(file))
  t.equal((await readFile(file)).length, 2 * 16_000 * 2)
})

t.test('a file that cannot be opened rejects, and nothing else does', async t => {
  await t.rejects(writeSound(abandonedPipe(), target('/nowhere/sound')), { code: 'ENOENT' })
})
