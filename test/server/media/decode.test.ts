import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { FrameSink } from '@cuewire/server/media/media-tools.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { scripts } from '../../support/scripts.js'

const media = createMediaTools()
const never = new AbortController().signal

t.test('cancelling ends the pass at once, though the sink waits for ever, and leaves no child', async t => {
  const file = await (await clipMaker(t)).long('cancelled-clip.mp4', [])
  const controller = new AbortController()
  const reached = new Promise<void>(resolve => {
    const sink: FrameSink = {
      ...{ width: 512, height: 512, rate: 'every' },
      frame: () => {
        resolve()
        return new Promise<void>(() => undefined)
      },
    }
    const pass = media.probe(file).then(info => media.decode(file, info, { sinks: [sink] }, controller.signal))
    t.teardown(() => pass.catch(() => undefined))
    void t.rejects(pass, { message: 'cancelled by the test' })
  })
  await reached
  t.match(children(file), /ffmpeg/)
  const before = performance.now()
  controller.abort(new Error('cancelled by the test'))
  while (children(file) !== '' && performance.now() - before < 5000)
    await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(children(file), '')
  t.ok(performance.now() - before < 1000)
})

t.test('an ffmpeg that somebody else kills is a fault of the server, and says nothing of the file', async t => {
  const file = await (await clipMaker(t)).long('killed-clip.mp4', [])
  const sink: FrameSink = {
    ...{ width: 512, height: 512, rate: 'every' },
    frame: () => process.kill(Number.parseInt(children(file), 10), 'SIGKILL') && undefined,
  }
  const info = await media.probe(file)
  await t.rejects(media.decode(file, info, { sinks: [sink] }, never), {
    code: 'server.internal',
    message: /^ffmpeg was killed from outside \(SIGKILL\)/,
  })
})

t.test('a file is described once, until it changes', async t => {
  const clips = await clipMaker(t)
  const file = await clips.plain()
  const { ffprobe } = await media.binaries()
  const count = `case "$*" in *-version*) ;; *format=*) printf . >> "$(dirname "$0")/runs";; esac; exec ${ffprobe} "$@"`
  const folder = await scripts(t, { ffprobe: count })
  const counted = createMediaTools({ ffprobePath: join(folder, 'ffprobe') })
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).length
  const decode = async () => {
    let frames = 0
    const sink: FrameSink = { width: 64, height: 36, rate: 'every', frame: () => void frames++ }
    await counted.decode(file, await counted.probe(file), { sinks: [sink] }, never)
    return frames
  }
  t.equal(await decode(), 50)
  t.equal(await runs(), 1)
  await clips.make('plain.mp4', ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=1'])
  t.equal(await decode(), 25)
  t.equal(await runs(), 2)
})

const children = (file: string) =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(file) && line.includes('ffmpeg'))
    .join('\n')
