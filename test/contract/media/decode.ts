import { readFile, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { yuv420ToRgb } from '@cuewire/server/lib/yuv420.js'
import type { DecodeResult, FrameSink, MediaTools, VideoFrame } from '@cuewire/server/media/media-tools.js'
import type { Test } from 'tap'
import type { SharedClips } from '../../support/shared-clips.js'

const never = new AbortController().signal

function collect(rate: FrameSink['rate'], width = 64, height = 36) {
  const frames: VideoFrame[] = []
  const sink: FrameSink = { width, height, rate, frame: frame => void frames.push(frame) }
  return { sink, frames, times: () => frames.map(frame => frame.at) }
}

const secondsOf = (result: DecodeResult) => result.sound?.end ?? 0
const every = (count: number) => Array.from({ length: count }, (_, index) => Math.round(index * 40) / 1000)

/** What a pass over a file gives. */
export function decodeContract(t: Test, media: MediaTools, clips: SharedClips): void {
  t.test('one pass gives every frame, sampled frames and the sound', async t => {
    const file = await clips.plain()
    const [tiny, sampled] = [collect('every'), collect(2, 128, 128)]
    const progress: number[] = []
    const plan = {
      sinks: [tiny.sink, sampled.sink],
      audioFile: clips.path('sound.pcm'),
      progress: (seconds: number) => void progress.push(seconds),
    }
    const result = await media.decode(file, await media.probe(file), plan, never)
    t.same(tiny.times(), every(50))
    t.same(sampled.times(), [0, 0.5, 1, 1.5])
    t.ok(
      sampled.frames.every(
        ({ data, width, height }) => data.length === 128 * 128 * 3 && width === 128 && height === 128,
      ),
    )
    t.match(result, { picture: { end: 2, fault: undefined }, sound: { fault: undefined }, duration: 2 })
    t.equal((await stat(plan.audioFile)).size, Math.round(secondsOf(result) * 32_000))
    t.ok(Math.abs(secondsOf(result) - 2) < 0.1)
    t.equal(progress.at(-1), 1.96)
    t.same(
      progress,
      [...progress].sort((a, b) => a - b),
      'progress only grows',
    )
  })

  t.test('a sink that asks for YUV gets the same pictures in half as many bytes', async t => {
    const file = await clips.make('quarters.mp4', [
      ...['-f', 'lavfi', '-i', 'color=red:s=320x180:r=5:d=1', '-vf', 'drawbox=x=0:y=0:w=160:h=90:color=yellow:t=fill'],
      ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ])
    const [width, height] = [63, 35]
    const [rgb, yuv] = [collect(2, width, height), collect(2, width, height)]
    const sinks = [rgb.sink, { ...yuv.sink, format: 'yuv420p' as const }]
    await media.decode(file, await media.probe(file), { sinks }, never)
    t.same(yuv.times(), rgb.times())
    const [expected, found] = [rgb.frames[0]?.data, yuv.frames[0]?.data ?? new Uint8Array()]
    t.equal(found.length, 63 * 35 + 2 * 32 * 18)
    const converted = yuv420ToRgb({ width, height, data: found }).data
    const errors = converted.map((value, at) => Math.abs(value - (expected?.[at] ?? 0)))
    // Colours are sampled differently at the edge of the quarter.
    t.ok(errors.filter(error => error > 12).length < 0.05 * errors.length)
  })

  t.test('the sound does not wait for the pictures', async t => {
    const picture = await clips.long('long.mp4', [])
    const file = await clips.make('both.mp4', ['-i', picture, '-f', 'lavfi', '-i', 'sine=duration=10', '-c:v', 'copy'])
    const audioFile = clips.path('ahead.pcm')
    const sound = async () => (await stat(audioFile).catch(() => undefined))?.size ?? 0
    const whole = (async () => {
      const patience = AbortSignal.timeout(20_000)
      while ((await sound()) < 9.9 * 32_000) await sleep(10, undefined, { signal: patience })
    })()
    // More than a pipe holds.
    const sink: FrameSink = { width: 320, height: 180, rate: 'every', frame: () => whole }
    await media.decode(file, await media.probe(file), { sinks: [sink], audioFile }, never)
    t.ok((await sound()) >= 10 * 32_000)
  })

  t.test("times are the decoder's own where the frame rate varies", async t => {
    const file = await clips.variableRate()
    const { sink, times } = collect('every')
    await media.decode(file, await media.probe(file), { sinks: [sink] }, never)
    const expected = every(50).filter((_, index) => index < 20 || index % 3 === 0)
    t.same(times(), expected)
  })

  t.test('a pass from the middle gives the same frames, once and in order, and all of the sound', async t => {
    const file = await clips.plain()
    const info = await media.probe(file)
    const [whole, rest] = [collect('every'), collect('every')]
    await media.decode(file, info, { sinks: [whole.sink] }, never)
    const result = await media.decode(
      file,
      info,
      { sinks: [rest.sink], from: 1.24, audioFile: clips.path('s.pcm') },
      never,
    )
    const expected = whole.frames.filter(frame => frame.at >= 1.24)
    t.same(
      rest.times(),
      expected.map(frame => frame.at),
    )
    t.same(rest.frames[0]?.data, expected[0]?.data)
    t.ok(secondsOf(result) > 1.9)
  })

  t.test('a rotated clip is decoded upright', async t => {
    const halves = await clips.make('halves.mp4', [
      ...['-f', 'lavfi', '-i', 'color=red:s=320x180:r=25:d=1', '-vf', 'drawbox=x=0:y=0:w=160:h=180:color=blue:t=fill'],
      ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ])
    const turned = await clips.make('turned.mp4', ['-i', halves, '-c', 'copy', '-metadata:s:v', 'rotate=270'])
    const { sink, frames } = collect('every', 36, 64)
    await media.decode(turned, await media.probe(turned), { sinks: [sink] }, never)
    const pixel = (row: number) => [...(frames[0]?.data.subarray((row * 36 + 18) * 3, (row * 36 + 18) * 3 + 3) ?? [])]
    const [top, bottom] = [pixel(8), pixel(56)]
    t.ok((top[2] ?? 0) > 200 && (top[0] ?? 0) < 60, 'the left half is on top')
    t.ok((bottom[0] ?? 0) > 200 && (bottom[2] ?? 0) < 60, 'the right half is at the bottom')
  })

  t.test('sound that starts late is preceded by silence', async t => {
    const file = await clips.make('late.mkv', [
      ...['-i', await clips.videoOnly(), '-itsoffset', '0.5', '-i', await clips.audioOnly()],
      ...['-map', '0', '-map', '1', '-c:v', 'copy'],
    ])
    const audioFile = clips.path('late.pcm')
    await media.decode(file, await media.probe(file), { sinks: [], audioFile }, never)
    const bytes = await readFile(audioFile)
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
    const first = samples.findIndex(sample => Math.abs(sample) > 500)
    t.ok(Math.abs(first / 16_000 - 0.5) < 0.02, `sound begins at ${first / 16_000}`)
  })

  t.test('a file without picture gives no frames, and one without sound no file', async t => {
    const { sink, frames } = collect('every')
    const sound = await clips.audioOnly()
    const heard = await media.decode(
      sound,
      await media.probe(sound),
      { sinks: [sink], audioFile: clips.path('a.pcm') },
      never,
    )
    t.equal(frames.length, 0)
    t.equal(heard.picture, undefined)
    t.ok(Math.abs(secondsOf(heard) - 2) < 0.05)
    const picture = await clips.videoOnly()
    const seen = await media.decode(
      picture,
      await media.probe(picture),
      { sinks: [sink], audioFile: clips.path('v.pcm') },
      never,
    )
    t.equal(seen.sound, undefined)
    t.equal(frames.length, 50)
    await t.rejects(stat(clips.path('v.pcm')), { code: 'ENOENT' })
  })

  t.test('a slow sink holds ffmpeg back, loses nothing and does not pile up frames', async t => {
    const file = await clips.long('long.mp4', [])
    const fast = collect('every', 512, 512)
    let slowFrames = 0
    let ahead = 0
    const slow: FrameSink = {
      ...{ width: 512, height: 512, rate: 'every' },
      async frame() {
        await new Promise(resolve => setTimeout(resolve, 2))
        slowFrames += 1
        ahead = Math.max(ahead, fast.frames.length - slowFrames)
        // The picture itself is not kept.
        fast.frames.fill({ at: 0, width: 0, height: 0, data: new Uint8Array(0) }, 0, fast.frames.length)
      },
    }
    await media.decode(file, await media.probe(file), { sinks: [slow, fast.sink] }, never)
    t.equal(slowFrames, 250)
    t.equal(fast.frames.length, 250)
    t.ok(ahead < 5, `the other output ran ${ahead} frames ahead`)
  })

  t.test('an error of a sink ends the pass with that error', async t => {
    const file = await clips.plain()
    const sink: FrameSink = {
      ...{ width: 64, height: 36, rate: 'every' },
      frame() {
        throw new Error('the sink broke')
      },
    }
    await t.rejects(media.decode(file, await media.probe(file), { sinks: [sink] }, never), {
      message: 'the sink broke',
    })
  })

  t.test('a pass that is aborted ends at once with the reason, though a sink waits for ever', async t => {
    const file = await clips.plain()
    const controller = new AbortController()
    const sink: FrameSink = {
      ...{ width: 64, height: 36, rate: 'every' },
      frame() {
        controller.abort(new Error('enough'))
        return new Promise(() => undefined)
      },
    }
    const pass = media.decode(file, await media.probe(file), { sinks: [sink] }, controller.signal)
    await t.rejects(pass, { message: 'enough' })
  })

  t.test('a file that ends before its index says is decoded as far as it goes, with the fault', async t => {
    const whole = await clips.long('whole.mp4', ['-movflags', '+faststart'])
    const info = await media.probe(whole)
    const cut = await clips.cut(whole, 0.4, 'cut.mp4')
    const { sink, frames } = collect('every')
    const { picture } = await media.decode(cut, info, { sinks: [sink] }, never)
    t.ok(frames.length > 50 && frames.length < 150, `${frames.length} of 250 frames`)
    t.ok(picture?.end && picture.end < 6, `${picture?.end} of ${info.duration} s`)
    t.match(picture?.fault, { code: 'media.unreadable', message: /^Not all of the picture/ })
  })

  t.test('a file that is not there is no fault of the file', async t => {
    const info = await media.probe(await clips.plain())
    const { sink } = collect('every')
    await t.rejects(media.decode(clips.path('gone.mp4'), info, { sinks: [sink] }, never), { code: 'server.internal' })
  })

  t.test('a picture that ends before the sound is whole', async t => {
    const file = await clips.make('short-picture.mkv', [
      ...['-i', await clips.videoOnly(), '-f', 'lavfi', '-i', 'sine=440:duration=9', '-c:v', 'copy'],
    ])
    const { sink, frames } = collect('every')
    await media.decode(file, await media.probe(file), { sinks: [sink] }, never)
    t.equal(frames.length, 50)
  })
}
