import type { MediaInfo } from '@cuewire/protocol'
import t from 'tap'
import { installations } from '../../support/installations.js'
import { sharedCase } from '../../support/shared-media.js'

/** What a file is to be described as; a code where it is to be refused. */
type Expected =
  | string
  | { readonly duration?: number; readonly warnings?: readonly string[]; readonly chapters?: number }

const CASES: Readonly<Record<string, Expected>> = {
  '01-vfr-silent/b-slides.mkv': { duration: 30 },
  '01-vfr-silent/c-timelapse.mp4': { duration: 180 },
  '01-vfr-silent/d-last-held.mp4': { duration: 29.8 },
  '01-vfr-silent/f-one-picture-6s.mp4': { duration: 6 },
  '02-subs-longer/a-long-subs.mkv': { duration: 12.4 },
  '02-subs-longer/b-long-subs.mp4': { duration: 12.3 },
  '02-subs-longer/d-ten-hour-cue.mkv': { duration: 12.4 },
  '03-aac-adts-estimate/a-silence-first.aac': { duration: 68.7 },
  '03-aac-adts-estimate/b-silence-last.aac': { duration: 68.7 },
  '03-aac-adts-estimate/c-plain.aac': { duration: 28.7 },
  '03-aac-adts-estimate/d-long-silence.aac': { duration: 137.7 },
  '03-aac-adts-estimate/e-some-silence.aac': { duration: 67.7 },
  '04-mp3-no-xing/a-vbr-quiet-start.mp3': { duration: 48.7 },
  '04-mp3-no-xing/b-vbr.mp3': { duration: 28.7 },
  '04-mp3-no-xing/c-cbr.mp3': { duration: 28.7 },
  '04-mp3-no-xing/d-joined.mp3': { duration: 28.7 },
  '04-mp3-no-xing/e-cut.mp3': { duration: 14.2, warnings: ['cut_short'] },
  '06-ts-crash/a-plain.ts': { duration: 12.4 },
  '06-ts-crash/b-bluray.m2ts': { duration: 12.4 },
  '06-ts-crash/c-no-sdt.ts': { duration: 12.4 },
  '16-encrypted/a-cenc.mp4': 'media.unreadable',
  '31-file-chapters/a-past-the-end.mkv': { duration: 28.7, chapters: 2, warnings: ['chapters_ignored'] },
  '31-file-chapters/b-wrapped-first.mkv': { duration: 28.7, chapters: 2, warnings: ['chapters_ignored'] },
  '31-file-chapters/c-only-one.mkv': { chapters: 1 },
  '31-file-chapters/d-starts-late.mkv': { chapters: 2 },
  '31-file-chapters/e-1500.mkv': { chapters: 28 },
  '31-file-chapters/f-yt-dlp.mp4': { chapters: 2 },
  '31-file-chapters/h-audiobook.m4b': { chapters: 2 },
  '31-file-chapters/i-two-chapters.mkv': { chapters: 2 },
}

for (const { name, media } of installations) {
  t.test(name, async t => {
    for (const [path, expected] of Object.entries(CASES)) {
      const file = sharedCase(path)
      await t.test(path, { skip: file === undefined && 'the file is not there' }, async t => {
        if (typeof expected === 'string') {
          await t.rejects(media.probe(file ?? ''), { code: expected, message: /encrypted/ })
          return
        }
        const info: MediaInfo = await media.probe(file ?? '')
        const { duration, warnings = [], chapters } = expected
        if (duration !== undefined) t.ok(Math.abs(info.duration - duration) < 0.1, `${info.duration} s`)
        if (chapters !== undefined) t.equal(info.chapters.length, chapters)
        t.same(
          (info.warnings ?? []).map(({ code }) => code),
          warnings,
        )
      })
    }
    const film = sharedCase('33-thumbnail-track/l-thumbnail-first.mov')
    await t.test('33-thumbnail-track', { skip: film === undefined && 'the file is not there' }, async t => {
      t.match((await media.probe(film ?? '')).video, { index: 1, codec: 'h264', width: 320 })
    })
  })
}
