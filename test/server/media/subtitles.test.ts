import { readFile, writeFile } from 'node:fs/promises'
import { LIMITS } from '@cuewire/protocol'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { ffmpegs } from '../../support/ffmpegs.js'

/** Cues of a thousand characters, ten in a second: ffmpeg's readers are slow at longer ones. */
function longText(): string {
  const text = 'word '.repeat(200)
  const cues = Array.from({ length: LIMITS.embeddedSubtitlesBytes / text.length }, (_, at) => {
    const second = `${String(Math.floor(at / 600)).padStart(2, '0')}:${String(Math.floor(at / 10) % 60).padStart(2, '0')}.${at % 10}`
    return `00:${second}00 --> 00:${second}90\n${text}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

for (const { name, paths } of ffmpegs()) {
  const media = createMediaTools(paths)

  t.test(`${name}: cues that are not UTF-8 are read as Western European text, the others as they are`, async t => {
    const { make, write } = await clipMaker(t)
    const cues = ['Plain words', 'Gr~sse aus K~ln', 'Grüße – schön', 'Sie sagt @quiet@', 'Stra@ße']
    const text = cues.map((cue, at) => `${at + 1}\n00:00:0${at},000 --> 00:00:0${at},900\n${cue}\n`).join('\n')
    const file = await make('latin.mkv', [
      ...['-f', 'lavfi', '-i', 'color=s=64x36:r=1:d=5', '-i', await write('latin.srt', text), '-c:s', 'srt'],
    ])
    const bytes = await readFile(file)
    for (const [sign, code] of [
      ['~', 0xf6],
      ['@', 0x93],
    ] as const) {
      for (let at = bytes.indexOf(sign, bytes.indexOf('Plain words')); at > 0; at = bytes.indexOf(sign, at))
        bytes[at] = code
    }
    await writeFile(file, bytes)
    const read = await media.subtitles(file, 1)
    for (const cue of ['Plain words', 'Grösse aus Köln', 'Grüße – schön', 'Sie sagt “quiet“', 'Straße'])
      t.match(read, cue)
  })

  t.test(`${name}: a text track that ffmpeg takes for data is told of`, async t => {
    const { make, write } = await clipMaker(t)
    for (const codec of ['wvtt', 'stpp']) {
      const srt = await write('a.srt', '1\n00:00:01,000 --> 00:00:02,000\nOne\n')
      const file = await make('text.mp4', [
        ...['-f', 'lavfi', '-i', 'color=s=64x36:r=1:d=5', '-i', srt, '-c:v', 'mpeg4', '-c:s', 'mov_text'],
      ])
      const bytes = await readFile(file)
      bytes.write(codec, bytes.indexOf('tx3g'), 'latin1')
      await writeFile(file, bytes)
      const { subtitles } = await media.probe(file)
      t.match(subtitles, [{ index: 1, codec }])
      await t.rejects(media.subtitles(file, 1), { code: 'subtitles.invalid', message: 'ffmpeg has no decoder for it.' })
    }
  })

  t.test(`${name}: a stream is told to be forced, or the default`, async t => {
    const { make, write } = await clipMaker(t)
    const srt = await write('a.srt', '1\n00:00:01,000 --> 00:00:02,000\nOne\n')
    const file = await make('two.mkv', [
      ...[
        '-f',
        'lavfi',
        '-i',
        'color=s=64x36:r=1:d=5',
        '-i',
        srt,
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '1',
        '-c:s',
        'srt',
      ],
      ...['-disposition:s:0', 'forced', '-disposition:s:1', 'default'],
    ])
    t.same((await media.probe(file)).subtitles, [
      { index: 1, codec: 'subrip', isForced: true },
      { index: 2, codec: 'subrip', isDefault: true },
    ])
  })

  t.test(`${name}: of very long subtitles the start is read`, async t => {
    const { make, write } = await clipMaker(t)
    const file = await make('long.mkv', [
      ...['-f', 'lavfi', '-i', 'color=s=64x36:r=1:d=2', '-i', await write('long.vtt', longText()), '-c:s', 'srt'],
    ])
    const start = await media.subtitles(file, 1)
    t.match(start, /^WEBVTT\n/)
    t.equal(Buffer.byteLength(start), LIMITS.embeddedSubtitlesBytes + 1)
  })
}
