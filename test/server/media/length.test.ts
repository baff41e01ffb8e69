import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import type { MediaInfo } from '@cuewire/protocol'
import t, { type Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'

const run = promisify(execFile)

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=4']
const SOUND = ['-f', 'lavfi', '-i', 'anoisesrc=duration=4:sample_rate=24000:amplitude=0.3:seed=1']
const MPEG4 = ['-c:v', 'mpeg4', '-g', '25', '-c:a', 'libmp3lame']
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis']
/** Silence takes few bytes and noise many, so that neither rate says how long the whole is. */
const QUIET_THEN_LOUD =
  'anullsrc=r=16000:cl=mono,atrim=duration=20[a];anoisesrc=d=5:r=16000:a=0.5[b];[a][b]concat=n=2:v=0:a=1'
const LOUD_THEN_QUIET =
  'anoisesrc=d=5:r=16000:a=0.5[b];anullsrc=r=16000:cl=mono,atrim=duration=20[a];[b][a]concat=n=2:v=0:a=1'

/** Where in a box of an MP4 file the length is. */
const LENGTH_AT: Readonly<Record<string, number>> = { mvhd: 16, tkhd: 20, elst: 8 }

/** Name and size of the element of a Matroska file that holds its length, in milliseconds. */
const MATROSKA_DURATION = Buffer.from('448988', 'hex')

const codes = ({ warnings = [] }: MediaInfo) => warnings.map(({ code }) => code)

for (const { name, binaries, media } of installations) {
  const lasts = async (t: Test, file: string, seconds: number, warnings: readonly string[] = []) => {
    const info = await media.probe(file)
    t.ok(Math.abs(info.duration - seconds) < 0.2, `${file} lasts ${info.duration} s, of ${seconds}`)
    t.same(codes(info), warnings, file)
    return info
  }

  t.test(name, async t => {
    t.test('subtitles that run on past picture and sound do not count', async t => {
      const clips = await clipMaker(t, binaries)
      const srt = await clips.write(
        'long.srt',
        '1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:09,000 --> 10:00:00,000\nTwo\n',
      )
      const inputs = [...PICTURE, ...SOUND, '-i', srt, '-map', '0', '-map', '1', '-map', '2', ...H264]
      await lasts(t, await clips.make('subs.mkv', [...inputs, '-c:s', 'srt']), 4)
      await lasts(t, await clips.make('subs.mp4', [...inputs, '-c:s', 'mov_text']), 4)
    })

    t.test('a length that can only be guessed is read from the packets', async t => {
      const clips = await clipMaker(t, binaries)
      for (const [at, graph] of [QUIET_THEN_LOUD, LOUD_THEN_QUIET].entries()) {
        const from = ['-f', 'lavfi', '-i', graph]
        const mp3 = [...from, '-c:a', 'libmp3lame', '-q:a', '5', '-write_xing', '0']
        await lasts(t, await clips.make(`${at}.aac`, [...from, '-c:a', 'aac', '-b:a', '32k', '-f', 'adts']), 25)
        await lasts(t, await clips.make(`${at}.mp3`, mp3), 25)
        await lasts(t, await clips.make(`${at}.ac3`, [...from, '-c:a', 'ac3']), 25)
      }
    })

    t.test('joined recordings last as long as all of them', async t => {
      const clips = await clipMaker(t, binaries)
      const parts = await Promise.all(
        [3, 5].map(seconds =>
          clips.make(`part-${seconds}.mp3`, ['-f', 'lavfi', '-i', `anoisesrc=d=${seconds}:r=24000:a=0.1`, '-q:a', '5']),
        ),
      )
      await writeFile(clips.path('joined.mp3'), Buffer.concat(await Promise.all(parts.map(part => readFile(part)))))
      await lasts(t, clips.path('joined.mp3'), 8)
    })

    t.test('sound that was written into a pipe, which could not tell its length in front', async t => {
      const clips = await clipMaker(t, binaries)
      for (const format of ['flac', 'ogg', 'matroska', 'wav']) {
        const args = ['-v', 'error', '-nostdin', ...SOUND, '-f', format, 'pipe:1']
        const { stdout } = await run(binaries.ffmpeg, args, { encoding: 'buffer', maxBuffer: 1 << 24 })
        await writeFile(clips.path(`piped.${format}`), stdout)
        await lasts(t, clips.path(`piped.${format}`), 4)
      }
    })

    t.test('a recording whose clock does not start at 0 is as long as it plays', async t => {
      const clips = await clipMaker(t, binaries)
      const late = ['-output_ts_offset', '60']
      for (const file of ['a.mkv', 'a.mp4', 'a.mov', 'a.ts', 'a.flv']) {
        await lasts(t, await clips.make(file, [...PICTURE, ...SOUND, ...H264, ...late, '-ar', '44100']), 4)
      }
      await lasts(t, await clips.make('a.webm', [...PICTURE, ...SOUND, ...VP8, ...late]), 4)
    })

    t.test('a recording that was cut out of another one, by an edit list', async t => {
      const clips = await clipMaker(t, binaries)
      const whole = await clips.make('whole.mp4', [...PICTURE, ...SOUND, ...H264])
      await lasts(t, await clips.make('cut-out.mp4', ['-ss', '1.5', '-i', whole, '-c', 'copy']), 2.5)
    })

    t.test('fragments, data tracks and a broken index do not count', async t => {
      const clips = await clipMaker(t, binaries)
      const av = [...PICTURE, ...SOUND, ...H264]
      await lasts(t, await clips.make('fragments.mp4', [...av, '-movflags', 'empty_moov+frag_keyframe']), 4)
      await lasts(t, await clips.make('timecode.mov', [...av, '-timecode', '01:00:00:00']), 4)
      const avi = await clips.make('index.avi', [...PICTURE, ...SOUND, ...MPEG4])
      const bytes = await readFile(avi)
      bytes.fill(0xff, bytes.indexOf('idx1') + 8)
      await writeFile(avi, bytes)
      await lasts(t, avi, 4)
    })

    t.test('a picture that stands still is held as long as the file says', async t => {
      const clips = await clipMaker(t, binaries)
      const slides = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=1/10:duration=30', ...H264]
      for (const file of ['slides.mp4', 'slides.mkv']) await lasts(t, await clips.make(file, slides), 30)
    })

    t.test('the last picture is held as long as the headers of its track say', async t => {
      const clips = await clipMaker(t, binaries)
      // As a screen recorder writes it that stops while nothing moves: the table of samples does not say how long.
      const file = await clips.make('held.mp4', [...PICTURE, ...H264])
      await setLengths(file, 20_000)
      await lasts(t, file, 20)
      const data = await clips.make('timecode.mov', [...PICTURE, ...H264, '-timecode', '01:00:00:00'])
      await setLengths(data, 20_000)
      await lasts(t, data, 20)
    })

    t.test('a header that claims days for seconds is not believed', async t => {
      const clips = await clipMaker(t, binaries)
      const film = await clips.make('film.mp4', [...PICTURE, ...SOUND, ...H264])
      await setLengths(film, 0x7fff_ffff, ['mvhd'])
      await lasts(t, film, 4)
      const track = await clips.make('track.mp4', [...PICTURE, ...SOUND, ...H264])
      await setLengths(track, 0x7fff_ffff)
      await lasts(t, track, 4)
      for (const claim of [1e12, 1e8]) {
        const matroska = await clips.make('film.mkv', [...PICTURE, ...SOUND, ...H264])
        const bytes = await readFile(matroska)
        bytes.writeDoubleBE(claim, bytes.indexOf(MATROSKA_DURATION) + MATROSKA_DURATION.length)
        await writeFile(matroska, bytes)
        await lasts(t, matroska, 4)
      }
    })

    t.test('a file that was cut short is described as far as it goes, with a warning', async t => {
      const clips = await clipMaker(t, binaries)
      const av = [...PICTURE, ...SOUND]
      const whole = [
        await clips.make('a.mp4', [...av, ...H264, '-movflags', '+faststart']),
        await clips.make('b.mp4', [...av, ...H264, '-movflags', 'frag_keyframe']),
        await clips.make('c.mkv', [...av, ...H264]),
        await clips.make('d.avi', [...av, ...MPEG4]),
        await clips.make('e.flv', [...av, ...H264, '-ar', '44100']),
        await clips.make('f.wav', SOUND),
        await clips.make('g.flac', SOUND),
        await clips.make('h.mp3', [...SOUND, '-q:a', '5']),
      ]
      for (const file of whole) {
        const name = basename(file)
        const info = await media.probe(await clips.cut(file, 0.4, `part-of-${name}`))
        t.ok(info.duration > 0.5 && info.duration < 3.5, `${name} lasts ${info.duration} s`)
        t.match(
          info.warnings,
          [{ code: 'cut_short', message: /^The file is cut short at \d\.\d s; .* upload the whole file\.$/ }],
          name,
        )
      }
      // A little off the end, less than a picture may be held: the container knows its size.
      const late = await media.probe(await clips.cut(clips.path('c.mkv'), 0.95, 'late.mkv'))
      t.same(codes(late), ['cut_short'])
      t.ok(late.duration > 3 && late.duration < 4)
    })

    t.test('an FLV that is cut within the header of a sound tag has no further sound', async t => {
      const clips = await clipMaker(t, binaries)
      const whole = await clips.make('a.flv', [...PICTURE, ...SOUND, ...H264, '-ar', '44100'])
      const bytes = await readFile(whole)
      const tag = soundTagAfter(bytes, 0.4 * bytes.length)
      for (let length = 8; length <= 11; length++) {
        await writeFile(clips.path('part.flv'), bytes.subarray(0, tag + length))
        const info = await media.probe(clips.path('part.flv'))
        t.same([info.audio?.codec, codes(info)], ['aac', ['cut_short']], `${length} bytes of the header`)
      }
    })

    t.test('a few bytes of sound that claim to last for hours last as long as they do', async t => {
      const clips = await clipMaker(t, binaries)
      const file = await clips.make('claim.wav', [
        '-f',
        'lavfi',
        '-i',
        'sine=duration=1:sample_rate=8000',
        '-ar',
        '8000',
      ])
      const bytes = await readFile(file)
      const claim = 10_000 * 16_000
      bytes.writeUInt32LE(claim + 36, 4)
      bytes.writeUInt32LE(claim, bytes.indexOf('data') + 4)
      await writeFile(file, bytes)
      await lasts(t, file, 1, ['cut_short'])
    })
  })
}

/** Where the first tag of sound begins in an FLV file, from this byte on. */
function soundTagAfter(flv: Buffer, from: number): number {
  let at = 13
  while (at < from || flv[at] !== 8) at += 11 + flv.readUIntBE(at + 1, 3) + 4
  return at
}

/** Writes another length, in milliseconds, into the headers of an MP4 file and of its first track. */
async function setLengths(file: string, length: number, words = Object.keys(LENGTH_AT)): Promise<void> {
  const bytes = await readFile(file)
  for (const word of words) bytes.writeUInt32BE(length, bytes.indexOf(word) + 4 + (LENGTH_AT[word] ?? 0))
  await writeFile(file, bytes)
}
