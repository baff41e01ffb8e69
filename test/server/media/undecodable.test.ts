import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'
import { pass, soundOf, timesOf } from '../../support/passes.js'
import { scripts } from '../../support/scripts.js'

type Clips = Awaited<ReturnType<typeof clipMaker>>

const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph]
const PICTURE = lavfi('testsrc=s=64x36:r=5:d=4')
const SOUND = lavfi('sine=frequency=440:d=4')
const SKIPPED = /^The sound track 1 \(codec \w+\) cannot be decoded and is skipped: .*no decoder/
const H264 = ['-c:v', 'libx264', '-g', '5', '-pix_fmt', 'yuv420p']

/** Replaces the four letters that name a codec in a MOV file by some that no ffmpeg knows. */
async function renameCodec(clips: Clips, file: string, from: string): Promise<string> {
  const bytes = await readFile(file)
  bytes.write(
    'zzzz',
    bytes.indexOf(from, bytes.lastIndexOf('stsd', bytes.indexOf(from, bytes.indexOf('stsd')))),
    'latin1',
  )
  await writeFile(clips.path('renamed.mov'), bytes)
  return clips.path('renamed.mov')
}

for (const { name, media } of installations) {
  const decode = (clips: Clips, file: string) => pass(media, file, { audioFile: clips.path('sound.pcm') })

  t.test(`sound that no decoder knows leaves the picture alone (${name})`, async t => {
    const clips = await clipMaker(t)
    const plain = await clips.make('plain.mov', [...PICTURE, ...SOUND, ...H264, '-c:a', 'pcm_s16le'])
    const { every, sampled, sound, picture } = await decode(clips, await renameCodec(clips, plain, 'sowt'))
    t.equal(every.length, 20)
    t.same(timesOf(sampled), [0, 1, 2, 3])
    t.match(picture, { end: 4, fault: undefined })
    t.match(sound, { end: undefined, fault: { code: 'media.unreadable', message: /sound.*no decoder/ } })
  })

  t.test(`a picture that no decoder knows leaves the sound alone (${name})`, async t => {
    const clips = await clipMaker(t)
    const plain = await clips.make('plain.mov', [...PICTURE, ...SOUND, ...H264, '-c:a', 'pcm_s16le'])
    const { every, samples, sound, picture } = await decode(clips, await renameCodec(clips, plain, 'avc1'))
    t.equal(every.length, 0)
    t.ok(soundOf(samples).seconds > 3.9)
    t.equal(sound?.fault, undefined)
    t.match(picture, { end: undefined, fault: { code: 'media.unreadable', message: /picture.*no decoder/ } })
  })

  t.test(`the next sound is taken where the first one cannot be decoded (${name})`, async t => {
    const clips = await clipMaker(t)
    const two = ['-map', '0:v', '-map', '1:a', '-map', '1:a', ...H264, '-c:a:0', 'pcm_s16le', '-c:a:1', 'aac']
    const plain = await clips.make('two.mov', [...PICTURE, ...SOUND, ...two])
    const renamed = await renameCodec(clips, plain, 'sowt')
    const { every, samples, sound } = await decode(clips, renamed)
    t.equal(every.length, 20)
    t.ok(soundOf(samples).seconds > 3.9)
    t.equal(sound?.fault, undefined)

    const info = await media.probe(renamed)
    const first = { ...info, audio: { index: 1, codec: 'zzzz', sampleRate: 44_100, channels: 1 } }
    const audioFile = clips.path('sound.pcm')
    const planned = await pass(media, renamed, { audioFile, media: first })
    t.match(planned.sound, { track: 2, fault: undefined, skipped: [{ code: 'media.unreadable', message: SKIPPED }] })
    const asked = { ...first, audio: { ...first.audio, chosen: 'request' as const } }
    const { sound: refused } = await pass(media, renamed, { audioFile, media: asked })
    t.match(refused, { track: 1, end: undefined, fault: { message: /no decoder/ }, skipped: undefined })
  })

  t.test(`the tracks that were chosen are decoded (${name})`, async t => {
    const clips = await clipMaker(t)
    const second = lavfi('testsrc=s=64x36:r=5:d=2')
    const tracks = ['-map', '0:v', '-map', '1:v', '-map', '2:a', '-map', '3:a', ...H264, '-c:a', 'pcm_s16le']
    const silence = ['-t', '1', ...lavfi('anullsrc=r=44100:cl=mono')]
    const file = await clips.make('two.mov', [...PICTURE, ...second, ...SOUND, ...silence, ...tracks])
    const media2 = await media.probe(file, undefined, { tracks: { picture: 1, sound: 3 } })
    const { every, samples, picture, sound } = await pass(media, file, {
      audioFile: clips.path('sound.pcm'),
      media: media2,
    })
    t.equal(every.length, 10)
    t.match([picture, sound], [{ track: 1 }, { track: 3 }])
    t.ok(Math.max(...(samples ?? []).map(Math.abs)) === 0)
  })

  t.test(`channels without names are mixed, and who speaks on one alone is heard (${name})`, async t => {
    const clips = await clipMaker(t)
    for (const channels of [3, 6, 10, 60, 64]) {
      const file = clips.path('channels.wav')
      await writeFile(file, toneOnOneOf(channels))
      const { samples, sound } = await decode(clips, file)
      t.equal(sound?.fault, undefined)
      t.ok(Math.abs(soundOf(samples).seconds - 1) < 0.1)
      const loudest = Math.max(...(samples ?? []).map(Math.abs))
      t.ok(loudest > 1000 && loudest <= 8200, `of ${channels} channels: ${loudest}`)
    }
    await writeFile(clips.path('most.wav'), toneOnOneOf(65))
    const { sound } = await decode(clips, clips.path('most.wav'))
    t.match(sound, {
      end: undefined,
      fault: { code: 'media.unreadable', message: /skipped: it has more than 64 channels/ },
    })
  })

  t.test(`what says nothing of decoding is no fault (${name})`, async t => {
    const clips = await clipMaker(t)
    const list = await clips.write(
      'list.txt',
      ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1\nSTART=2\nEND=4\ntitle=Two\n',
    )
    const map = ['-map', '0', '-map', '1', '-map_chapters', '2']
    const film = await clips.make('film.mp4', [...PICTURE, ...SOUND, '-i', list, ...map, ...H264, '-c:a', 'aac'])
    const bytes = await readFile(film)
    // The track of the titles is not there.
    for (let at = bytes.indexOf('tref'); at > 0; at = bytes.indexOf('tref', at + 1)) bytes.writeUInt32BE(0, at + 12)
    await writeFile(film, bytes)
    const { picture, sound } = await decode(clips, film)
    t.same([picture?.fault, sound?.fault], [undefined, undefined])

    const song = await readFile(await clips.make('song.mp3', [...SOUND, '-b:a', '32k']))
    await writeFile(clips.path('joined.mp3'), Buffer.concat([song, song]))
    const joined = await decode(clips, clips.path('joined.mp3'))
    t.ok(soundOf(joined.samples).seconds > 7.9)
    t.equal(joined.sound?.fault, undefined)
  })

  t.test(`what is wrong with the picture is not said of the sound (${name})`, async t => {
    const clips = await clipMaker(t)
    const film = await clips.make('film.mp4', [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac'])
    const bytes = await readFile(film)
    const settings = bytes.indexOf('avcC') + 4
    bytes.fill(0, settings + 8, settings + 30)
    await writeFile(film, bytes)
    const { picture, sound, samples } = await decode(clips, film)
    t.match(picture?.fault, { code: 'media.unreadable', message: /^(The picture|Not all of the picture)/ })
    t.ok(soundOf(samples).seconds > 3.9)
    t.equal(sound?.fault, undefined)
  })

  t.test(`sound that is too short to give a sample is empty, and no fault (${name})`, async t => {
    const clips = await clipMaker(t)
    for (const samples of [8, 48]) {
      await writeFile(
        clips.path('short.wav'),
        wav({ sampleRate: 48_000, channels: 2, samples: new Int16Array(2 * samples).fill(9) }),
      )
      const { sound, duration } = await decode(clips, clips.path('short.wav'))
      t.match(sound, { fault: undefined })
      t.ok((sound?.end ?? -1) >= 0 && duration < 0.1)
    }
  })

  t.test(`a fault in the middle costs the middle, and is told of (${name})`, async t => {
    const clips = await clipMaker(t)
    const whole = await clips.make('whole.mkv', [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac'])
    const bytes = await readFile(whole)
    bytes.fill(0x55, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.5))
    await writeFile(clips.path('damaged.mkv'), bytes)
    const { every, picture, sound, samples, duration } = await decode(clips, clips.path('damaged.mkv'))
    t.ok(every.length >= 10 && every.length < 20, `${every.length} of 20 frames`)
    t.ok((every.at(-1)?.at ?? 0) > 3.5)
    t.ok(soundOf(samples).seconds > 3.5)
    t.equal(picture?.end, duration)
    t.match([picture, sound], [{}, { fault: { code: 'media.unreadable', message: /^Not all of the/ } }])
  })

  t.test(`sound alone that is shorter than the file says gives it its length (${name})`, async t => {
    const clips = await clipMaker(t)
    const file = await clips.make('short.wav', lavfi('sine=d=1'))
    const claim = { ...(await media.probe(file)), duration: 10_000 }
    const { sound, duration } = await pass(media, file, { audioFile: clips.path('s.pcm'), media: claim })
    t.equal(duration, 1)
    t.match(sound, {
      end: 1,
      fault: { code: 'media.truncated', message: /ends after 1.0 s, though its header says 10000.0 s/ },
    })
  })

  t.test(`a few bytes cannot be hours of sound (${name})`, async t => {
    const clips = await clipMaker(t)
    const file = clips.path('slow.wav')
    await writeFile(file, wav({ sampleRate: 1, channels: 1, samples: new Int16Array(10_000).fill(9) }))
    const { sound, samples } = await decode(clips, file)
    t.match(sound, { end: undefined, fault: { code: 'media.unreadable' } })
    t.equal(samples, undefined)
  })

  t.test(`a stream that is noise to its decoder leaves the other one alone (${name})`, async t => {
    const clips = await clipMaker(t)
    const plain = await clips.make('plain.mkv', [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac'])
    const noise = async (kind: 'v' | 'a') =>
      await decode(
        clips,
        await clips.make(`${kind}.mkv`, ['-i', plain, '-c', 'copy', `-bsf:${kind}`, 'noise=amount=3']),
      )
    const deaf = await noise('a')
    t.equal(deaf.every.length, 20)
    t.equal(deaf.picture?.end, deaf.duration)
    const blind = await noise('v')
    t.ok(soundOf(blind.samples).seconds > 3.9)
    t.ok(blind.picture?.fault)
  })
}

t.test('an ffmpeg that crashes or is killed is run once more, and that is no fault of the file', async t => {
  const clips = await clipMaker(t)
  const [installation] = installations
  const { ffmpeg = '', ffprobe = '' } = installation?.binaries ?? {}
  const cues = await clips.write('cues.srt', '1\n00:00:00,000 --> 00:00:01,000\nHarbour\n')
  const file = await clips.make('spoken.mkv', [...PICTURE, ...SOUND, '-i', cues, ...H264])
  const scripted = async (line: string) => {
    const folder = await scripts(t, { ffmpeg: `[ "$1" = -version ] && exec ${ffmpeg} -version; ${line}` })
    return createMediaTools({ ffmpegPath: join(folder, 'ffmpeg'), ffprobePath: ffprobe })
  }
  for (const [signal, message] of [
    ['SEGV', /crashed/],
    ['KILL', /killed from outside/],
  ] as const) {
    const once = () =>
      scripted(`cd "$(dirname "$0")"; [ -e marker ] || { touch marker; kill -${signal} $$; }; exec ${ffmpeg} "$@"`)
    const { every, samples } = await pass(await once(), file, { audioFile: clips.path('s.pcm') })
    t.equal(every.length, 20)
    t.ok(soundOf(samples).seconds > 3.9)
    t.match(await (await once()).subtitles(file, 2), /Harbour/)

    const always = await scripted(`kill -${signal} $$`)
    const fault = { code: 'server.internal', message }
    await t.rejects(pass(always, file, { audioFile: clips.path('s.pcm') }), fault)
    await t.rejects(always.subtitles(file, 2), fault)
  }
})

interface Wav {
  readonly sampleRate: number
  readonly channels: number
  readonly samples: Int16Array
}

/** A WAV file that says nothing of what its channels are. */
function wav({ sampleRate, channels, samples }: Wav): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.byteLength, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(sampleRate, 24)
  head.writeUInt32LE(sampleRate * channels * 2, 28)
  head.writeUInt16LE(channels * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer)])
}

/** One second of a tone at a quarter of the full scale, on the second of so many channels. */
function toneOnOneOf(channels: number): Buffer {
  const samples = new Int16Array(16_000 * channels)
  for (let i = 0; i < 16_000; i += 1) samples[i * channels + 1] = 8192 * Math.sin((2 * Math.PI * 440 * i) / 16_000)
  return wav({ sampleRate: 16_000, channels, samples })
}
