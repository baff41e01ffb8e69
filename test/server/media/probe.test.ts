import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'

for (const { name, binaries, media } of installations) {
  t.test(name, async t => {
    t.test('a clip is described: size, frame rate, sound, duration', async t => {
      const info = await media.probe(await (await clipMaker(t)).plain())
      t.match(info, {
        container: /mp4/,
        video: { codec: 'h264', width: 320, height: 180, frameRate: 25, rotation: 0 },
        audio: { codec: 'aac', sampleRate: 44100, channels: 1 },
        subtitles: [],
        chapters: [],
      })
      t.ok(Math.abs(info.duration - 2) < 0.05)
    })

    t.test('a rotated clip has the size it is shown at', async t => {
      const clips = await clipMaker(t)
      const file = await clips.make('turned.mp4', [
        '-i',
        await clips.videoOnly(),
        '-c',
        'copy',
        '-metadata:s:v',
        'rotate=270',
      ])
      t.match((await media.probe(file)).video, { width: 180, height: 320, rotation: 90 })
    })

    t.test('pixels that are not square are counted as shown', async t => {
      const clips = await clipMaker(t)
      const file = await clips.make('wide.mp4', ['-i', await clips.videoOnly(), '-vf', 'setsar=4/3'])
      t.match((await media.probe(file)).video, { width: 427, height: 180 })
    })

    t.test('sound alone and picture alone are media', async t => {
      const clips = await clipMaker(t)
      const sound = await media.probe(await clips.audioOnly())
      t.equal(sound.video, undefined)
      t.match(sound.audio, { codec: 'pcm_s16le' })
      const picture = await media.probe(await clips.videoOnly())
      t.equal(picture.audio, undefined)
      t.match(picture.video, { codec: 'h264' })
    })

    t.test('a cover picture is not video', async t => {
      const clips = await clipMaker(t)
      const cover = await clips.make('cover.png', ['-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1'])
      const song = await clips.make('song.mp3', [
        '-i',
        await clips.audioOnly(),
        '-i',
        cover,
        '-map',
        '0',
        '-map',
        '1',
        '-c:v',
        'copy',
      ])
      const info = await media.probe(song)
      t.equal(info.video, undefined)
      t.match(info.audio, { codec: 'mp3' })
    })

    t.test('a thumbnail before the film is not the film, nor is a cover that is not marked as one', async t => {
      const clips = await clipMaker(t, binaries)
      const image = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:duration=0.04']
      const film = await clips.make('film.mov', [
        ...[...image, '-i', await clips.plain(), '-map', '0', '-map', '1', '-c', 'copy', '-c:v:0', 'mjpeg'],
      ])
      t.match((await media.probe(film)).video, { index: 1, codec: 'h264', width: 320 })
      const song = await clips.make('song.mov', [
        ...[...image, '-i', await clips.audioOnly(), '-map', '0', '-map', '1', '-c:v', 'mjpeg', '-c:a', 'aac'],
      ])
      t.match(await media.probe(song), { video: undefined, audio: { index: 1, codec: 'aac' } })
    })

    t.test('chapters of a film are read, in MP4 and in Matroska', async t => {
      const clips = await clipMaker(t, binaries)
      const list = await clips.write(
        'c.txt',
        `;FFMETADATA1\n${[0, 1000].map(at => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=${at + 90_000}\ntitle=From ${at}\n`).join('')}`,
      )
      for (const file of ['film.mp4', 'film.mkv', 'film.m4a']) {
        const kind = file.endsWith('a') ? ['-vn', '-c:a', 'aac'] : ['-c', 'copy']
        const made = await clips.make(file, ['-i', await clips.plain(), '-i', list, '-map_chapters', '1', ...kind])
        const { chapters, duration } = await media.probe(made)
        t.match(chapters, [
          { start: 0, title: 'From 0' },
          { start: 1, end: duration, title: 'From 1000' },
        ])
      }
    })

    t.test('chapters past the end are told of, and hide none of the others', async t => {
      const clips = await clipMaker(t, binaries)
      const list = await clips.write('c.txt', chapterList([0, 90_000, 1000]))
      const plain = await clips.plain()
      for (const file of ['film.mkv', 'film.mp4']) {
        const made = await clips.make(file, ['-i', plain, '-i', list, '-map_chapters', '1', '-c', 'copy'])
        const { chapters, warnings } = await media.probe(made)
        t.match(chapters, [{ start: 0 }, { start: 1 }], file)
        t.match(warnings, [
          { code: 'chapters_ignored', message: 'at 90.0 s, after the end of the file, and left out.' },
        ])
      }
      const { warnings } = await media.probe(await clips.cut(clips.path('film.mkv'), 0.8, 'cut.mkv'))
      t.match(warnings, [{ code: 'cut_short' }], 'a cut file lacks its end')
    })

    t.test('chapters of a Matroska file in any order are all read, from its start', async t => {
      const clips = await clipMaker(t, binaries)
      const plain = await clips.plain()
      for (const startTime of [0, 60]) {
        for (const kind of ['mkv', 'webm']) {
          const list = await clips.write('c.txt', chapterList([1000, 0].map(at => at + startTime * 1000)))
          const codecs = kind === 'mkv' ? ['-c', 'copy'] : ['-c:v', 'libvpx', '-c:a', 'libopus']
          const made = await clips.make(`film-${startTime}.${kind}`, [
            ...['-i', plain, '-i', list, '-map_chapters', '1', ...codecs, '-output_ts_offset', `${startTime}`],
          ])
          const { chapters, warnings } = await media.probe(made)
          // The start of the file is that of its sound, some milliseconds before the picture.
          t.same(
            chapters.map(({ start }) => start.toFixed(1)),
            ['0.0', '1.0'],
            made,
          )
          t.equal(warnings, undefined)
        }
      }
    })

    t.test('chapters that are too many to read are ignored with a warning', async t => {
      const clips = await clipMaker(t, binaries)
      const chapter = (at: number) =>
        `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=${at + 1}\ntitle=${'x'.repeat(900)}\n`
      const list = await clips.write(
        'c.txt',
        `;FFMETADATA1\n${Array.from({ length: 2000 }, (_, at) => chapter(at)).join('')}`,
      )
      const made = await clips.make('many.mkv', [
        '-i',
        await clips.plain(),
        '-i',
        list,
        '-map_chapters',
        '1',
        '-c',
        'copy',
      ])
      const { chapters, warnings, video } = await media.probe(made)
      t.same(chapters, [])
      t.match(warnings, [{ code: 'chapters_ignored' }])
      t.ok(video)
    })

    t.test('a recording that states no duration is read through for it', async t => {
      const clips = await clipMaker(t)
      const file = await clips.make('live.mkv', ['-i', await clips.plain(), '-c', 'copy', '-live', '1'])
      t.ok(Math.abs((await media.probe(file)).duration - 2) < 0.1)
    })

    t.test('subtitle streams and chapters of the file are listed', async t => {
      const clips = await clipMaker(t)
      const srt = await clips.write('a.srt', '1\n00:00:00,500 --> 00:00:01,500\nHello there\n')
      const chapters = await clips.write(
        'c.txt',
        ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n',
      )
      const file = await clips.make('all.mkv', [
        ...['-i', await clips.videoOnly(), '-i', srt, '-i', chapters, '-map', '0', '-map', '1', '-map_metadata', '2'],
        ...['-c', 'copy', '-c:s', 'srt', '-metadata:s:s:0', 'language=eng'],
      ])
      const info = await media.probe(file)
      t.same(info.chapters, [{ start: 0, end: 1, title: 'One' }])
      t.match(info.subtitles, [{ index: 1, codec: 'subrip', language: 'eng' }])
      t.match(await media.subtitles(file, 1), /^WEBVTT\n\n00:00\.500 --> 00:01\.500\nHello there/)
      await t.rejects(media.subtitles(file, 0), { code: 'subtitles.invalid' })
    })

    t.test(
      'what is not media, or of which nothing is there, is refused with its reason and without its path',
      async t => {
        const clips = await clipMaker(t)
        const indexLast = await clips.long('last.mp4', [])
        const indexFirst = await clips.long('first.mp4', ['-movflags', '+faststart'])
        const sound = await clips.make('sound.wav', ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=10'])
        const picture = await clips.make('p.png', ['-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1'])
        const cases = [
          [await clips.write('text.mp4', 'not a video at all\n'.repeat(100)), 'media.unreadable', /not media/],
          [await clips.write('empty.mp4', ''), 'media.unreadable', /empty/],
          [clips.path('absent.mp4'), 'server.internal', /cannot be opened/],
          [picture, 'media.unreadable', /kind this server does not read/],
          [await clips.cut(indexLast, 0.5, 'cut-last.mp4'), 'media.truncated', /no index/],
          [await clips.cutAfter(indexFirst, 'mdat', 'no-data.mp4'), 'media.truncated', /before its first picture/],
          // Where the cut falls decides what ffprobe says of it.
          ...(await Promise.all(
            [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95].map(async share => {
              const file = await cutWithin(indexFirst, 'moov', share)
              return [file, 'media.truncated', /was cut short/] as const
            }),
          )),
          [await clips.cutAfter(sound, 'WAVEfmt ', 'head.wav'), 'media.unreadable', /not media/],
        ] as const
        for (const [file, code, message] of cases) {
          const error = await media.probe(file).then(
            () => t.fail(`${file} was accepted`),
            (error: unknown) => error,
          )
          t.match(error, { code, message }, file)
          t.notMatch(String(error), clips.path(''), 'the path stays inside')
        }
      },
    )

    t.test('sound that was streamed into a WAV file, whose header could not know its size, is whole', async t => {
      const clips = await clipMaker(t)
      const wav = await readFile(await clips.audioOnly())
      for (const size of [0, 0x7fff_f024, 0x7fff_ff24, 0xffff_ffff]) {
        wav.writeUInt32LE(size, 4)
        const file = clips.path(`streamed-${size}.wav`)
        await writeFile(file, wav)
        t.ok(Math.abs((await media.probe(file)).duration - 2) < 0.01, `${size}`)
      }
    })

    t.test('playlists are refused and nothing they name is opened', async t => {
      const clips = await clipMaker(t)
      let requests = 0
      const server = createServer((_, response) => {
        requests += 1
        response.end()
      }).listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      t.teardown(() => server.close())
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret.ts`
      await clips.plain()
      const playlists = [
        await clips.write('hls.mp4', `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`),
        await clips.write('hls.m3u8', `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`),
        await clips.write('concat.mp4', `ffconcat version 1.0\nfile plain.mp4\n`),
        await clips.write(
          'session.sdp',
          `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n`,
        ),
      ]
      for (const file of playlists) await t.rejects(media.probe(file), { code: 'media.unreadable' }, file)
      t.equal(requests, 0)
    })

    t.test('an aborted probe rejects with the reason given', async t => {
      const file = await (await clipMaker(t)).plain()
      await t.rejects(media.probe(file, AbortSignal.abort(new Error('stopped by the test'))), {
        message: 'stopped by the test',
      })
    })
  })
}

/** Chapters of half a second, as ffmpeg takes them from a text file. */
function chapterList(startsMs: readonly number[]): string {
  return `;FFMETADATA1\n${startsMs.map(at => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=${at + 500}\n`).join('')}`
}

/** A copy of an MP4 file that ends within one of its boxes, after a share of it. */
async function cutWithin(file: string, name: string, share: number): Promise<string> {
  const bytes = await readFile(file)
  const start = bytes.indexOf(name) - 4
  const cut = file.replace(/\.mp4$/, `-${name}-${share}.mp4`)
  await writeFile(cut, bytes.subarray(0, start + Math.floor(bytes.readUInt32BE(start) * share)))
  return cut
}
