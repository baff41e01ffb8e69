import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'

for (const { name, binaries, media } of installations) {
  t.test(name, async t => {
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
  })
}

/** Chapters of half a second, as ffmpeg takes them from a text file. */
function chapterList(startsMs: readonly number[]): string {
  return `;FFMETADATA1\n${startsMs.map(at => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=${at + 500}\n`).join('')}`
}
