import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientMedia } from '@cuewire/server/media/media-tools.js'
import type { Test } from 'tap'
import type { SharedClips } from '../../support/shared-clips.js'

/** What a file is described as, and what is refused. */
export function probeContract(t: Test, media: ClientMedia, clips: SharedClips): void {
  t.test('a clip is described: size, frame rate, sound, duration', async t => {
    const info = await media.probe(await clips.plain())
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
    const file = await clips.make('wide.mp4', ['-i', await clips.videoOnly(), '-vf', 'setsar=4/3'])
    t.match((await media.probe(file)).video, { width: 427, height: 180 })
  })

  t.test('sound alone and picture alone are media', async t => {
    const sound = await media.probe(await clips.audioOnly())
    t.equal(sound.video, undefined)
    t.match(sound.audio, { codec: 'pcm_s16le' })
    const picture = await media.probe(await clips.videoOnly())
    t.equal(picture.audio, undefined)
    t.match(picture.video, { codec: 'h264' })
  })

  t.test('a cover picture is not video', async t => {
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

  t.test('subtitle streams and chapters of the file are listed', async t => {
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
  })

  t.test(
    'what is not media, or of which nothing is there, is refused with its reason and without its path',
    async t => {
      const indexLast = await clips.long('last.mp4', [])
      const indexFirst = await clips.long('first.mp4', ['-movflags', '+faststart'])
      const sound = await clips.make('sound.wav', ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=10'])
      const picture = await clips.make('p.png', ['-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1'])
      const cases = [
        [await clips.write('text.mp4', 'not a video at all\n'.repeat(100)), 'media.unreadable', /not media/],
        [await clips.write('empty.mp4', ''), 'media.unreadable', /empty/],
        [clips.path('absent.mp4'), 'server.internal', /cannot be opened/],
        [picture, 'media.unreadable', /does not read files of this format/],
        [await clips.cut(indexLast, 0.5, 'cut-last.mp4'), 'media.truncated', /no index/],
        [await clips.cutAfter(indexFirst, 'mdat', 'no-data.mp4'), 'media.truncated', /before its first picture/],
        // Where the cut falls decides what ffprobe says of it.
        ...(await Promise.all(
          [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95].map(async share => {
            const file = await cutWithin(indexFirst, 'moov', share)
            return [file, 'media.truncated', /cut short/] as const
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

  t.test('playlists are refused and nothing they name is opened', async t => {
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
    const file = await clips.plain()
    await t.rejects(media.probe(file, AbortSignal.abort(new Error('stopped by the test'))), {
      message: 'stopped by the test',
    })
  })
}

/** A copy of an MP4 file that ends within one of its boxes, after a share of it. */
async function cutWithin(file: string, name: string, share: number): Promise<string> {
  const bytes = await readFile(file)
  const start = bytes.indexOf(name) - 4
  const cut = file.replace(/\.mp4$/, `-${name}-${share}.mp4`)
  await writeFile(cut, bytes.subarray(0, start + Math.floor(bytes.readUInt32BE(start) * share)))
  return cut
}
