import { parseSubtitles } from '@cuewire/server/domain/transcript/subtitles.js'
import type { MediaTools } from '@cuewire/server/media/media-tools.js'
import type { Test } from 'tap'
import type { SharedClips } from '../../support/shared-clips.js'
import { subStationScript } from '../../support/sub-station.js'

const SCRIPT = subStationScript(`Dialogue: 0,0:00:00.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 30 0 30{\\p0}
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,The {\\i1}lambs{\\i0}\\hare born.
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,A shepherd {a remark}guards them.
`)

/** The text of subtitle streams. */
export function subtitlesContract(t: Test, media: MediaTools, clips: SharedClips): void {
  t.test('cues are given as WebVTT, and what has none is refused', async t => {
    const { make, write } = clips
    const srt = await write('one.srt', '1\n00:00:00,500 --> 00:00:01,500\nHello there\n')
    const film = await make('spoken.mkv', ['-i', await clips.videoOnly(), '-i', srt, '-c:v', 'copy', '-c:s', 'srt'])
    t.match(await media.subtitles(film, 1), /^WEBVTT\n\n00:00\.500 --> 00:01\.500\nHello there/)
    for (const index of [0, 7]) await t.rejects(media.subtitles(film, index), { code: 'subtitles.invalid' })
    await t.rejects(media.subtitles(clips.path('gone.mkv'), 1), { code: 'server.internal' })
    const aborted = AbortSignal.abort(new Error('enough'))
    await t.rejects(media.subtitles(film, 1, aborted), { message: 'enough' })
  })

  t.test('a script of SubStation Alpha is given as one', async t => {
    const { make, write } = clips
    const file = await make('script.mkv', [
      ...['-f', 'lavfi', '-i', 'color=s=64x36:r=1:d=5', '-i', await write('script.ass', SCRIPT), '-c:s', 'copy'],
    ])
    const text = await media.subtitles(file, 1)
    const { segments } = parseSubtitles({ format: 'vtt', text, source: 'embedded' })
    t.same(
      segments.map(({ start, text }) => [start, text]),
      [
        [1, 'The lambs are born.'],
        [3, 'A shepherd guards them.'],
      ],
    )
  })

  t.test('WebVTT keeps its voice spans', async t => {
    const { make, write } = clips
    const cue = '00:01.000 --> 00:02.000\n<v Tom>Salt &amp; water</v>\n'
    const picture = ['-f', 'lavfi', '-i', 'color=s=64x36:r=1:d=5']
    const file = await make('voices.mkv', [
      ...[...picture, '-i', await write('voices.vtt', `WEBVTT\n\n${cue}`), '-c:s', 'copy'],
    ])
    t.equal((await media.subtitles(file, 1)).trimEnd(), `WEBVTT\n\n${cue}`.trimEnd())
  })
}
