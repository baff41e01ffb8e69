import type { MediaInfo } from '@cuewire/protocol'
import { listen } from '@cuewire/server/media/ffmpeg/listen.js'
import { inspectionOf, parseProbeOutput } from '@cuewire/server/media/ffmpeg/probe-output.js'
import type { TrackWishes } from '@cuewire/server/media/media-tools.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'

/** A track as ffprobe describes it, as far as these tests need it. */
interface Described {
  readonly codec_type?: string
  readonly codec_name?: string
  readonly codec_tag_string?: string
  readonly disposition?: Readonly<Record<string, number>>
  readonly tags?: Readonly<Record<string, string>>
  readonly nb_frames?: string
}

const SOUND = { codec_type: 'audio', codec_name: 'aac', sample_rate: '48000', channels: 2 }
const PICTURE = { codec_type: 'video', codec_name: 'h264', width: 320, height: 180 }

function chosen(tracks: readonly Described[], wishes?: TrackWishes): Pick<MediaInfo, 'video' | 'audio'> {
  const streams = tracks.map((track, index) => ({ ...(track.codec_type ? PICTURE : SOUND), ...track, index }))
  const output = parseProbeOutput(JSON.stringify({ format: { format_name: 'matroska,webm' }, streams }))
  return inspectionOf(output, wishes).media
}

const titled = (title: string) => ({ tags: { title } })
const inLanguage = (language: string) => ({ tags: { language } })
const marked = (name: string) => ({ disposition: { [name]: 1 } })
const picture = (rest: Described = {}) => ({ codec_type: 'video', ...rest })

t.test('the original sound is used, whatever comes before it', async t => {
  const before: readonly [Described, string][] = [
    [marked('comment'), 'programme'],
    [marked('visual_impaired'), 'programme'],
    [marked('descriptions'), 'programme'],
    [marked('dub'), 'original'],
    [titled('Director’s Commentary'), 'programme'],
    [titled('Audiokommentar von Regie und Kamera'), 'programme'],
    [titled('English Audio Description'), 'programme'],
    [titled('English (AD)'), 'programme'],
    [{ tags: { HANDLER_NAME: 'Descriptive Audio' } }, 'programme'],
    [titled('German Dub 5.1'), 'original'],
    [{ codec_name: 'unknown' }, 'decodable'],
    [{ codec_tag_string: 'enca' }, 'decodable'],
    [{}, 'default'],
  ]
  for (const [track, reason] of before) {
    const one = { ...track, disposition: { ...track.disposition, ...(reason !== 'default' && { default: 1 }) } }
    const { audio } = chosen([one, marked('default')])
    t.match(audio, { index: 1, chosen: reason }, JSON.stringify(track))
  }
})

t.test('a title that only resembles one of a commentary changes nothing', async t => {
  for (const title of ['Stereo', 'Ad break cut', 'Commended', 'Dublin 1916', 'SoundHandler']) {
    const { audio } = chosen([titled(title), {}])
    t.equal(audio?.index, 0, title)
    t.equal(audio?.chosen, undefined, title)
    t.equal(audio?.role, undefined, title)
  }
})

t.test('a commentary is used if there is nothing else, the default one first', async t => {
  t.match(chosen([marked('comment')]).audio, { index: 0, role: 'commentary', chosen: undefined })
  const second = { disposition: { comment: 1, default: 1 } }
  t.match(chosen([marked('comment'), second]).audio, { index: 1, chosen: 'default' })
})

t.test('among equals, a language that the speech model knows comes first', async t => {
  const reads = (language: string) => language === 'eng'
  t.match(chosen([inLanguage('ger'), inLanguage('eng')], { reads }).audio, { index: 1, chosen: 'language' })
  t.equal(chosen([inLanguage('ger'), inLanguage('eng')]).audio?.index, 0, 'nothing is known of the model')
  t.equal(chosen([inLanguage('und'), inLanguage('eng')], { reads }).audio?.index, 0, 'it may be English')
  t.equal(chosen([{}, inLanguage('eng')], { reads }).audio?.index, 0, 'it may be English')
  const commentary = { ...inLanguage('eng'), ...marked('comment') }
  t.equal(chosen([inLanguage('ger'), commentary], { reads }).audio?.index, 0)
  const german = { ...inLanguage('ger'), ...marked('default') }
  t.equal(chosen([german, inLanguage('eng')], { reads }).audio?.index, 0)
})

t.test('the film is used, not thumbnails, and not what nobody can decode', async t => {
  const film = picture(marked('default'))
  t.match(chosen([picture({ codec_name: 'mjpeg' }), film]).video, { index: 1, chosen: 'film' })
  t.match(chosen([picture({ nb_frames: '1' }), picture()]).video, { index: 1, chosen: 'film' })
  t.match(chosen([picture(marked('timed_thumbnails')), picture()]).video, { index: 1, chosen: 'film' })
  t.match(chosen([picture({ codec_name: 'none' }), picture()]).video, { index: 1, chosen: 'decodable' })
  t.match(chosen([picture(), film]).video, { index: 1, chosen: 'default' })
  t.equal(chosen([picture({ codec_name: 'png', nb_frames: '1' }), {}]).video, undefined, 'a cover')
})

t.test('what is requested is used, whatever it is', async t => {
  const tracks = [picture(), picture({ codec_name: 'mjpeg', nb_frames: '1' }), {}, marked('comment')]
  const { video, audio } = chosen(tracks, { tracks: { picture: 1, sound: 3 } })
  t.match(video, { index: 1, codec: 'mjpeg', chosen: 'request' })
  t.match(audio, { index: 3, role: 'commentary', chosen: 'request' })
  t.match(chosen(tracks, { tracks: { sound: 3 } }).video, { index: 0, chosen: undefined })
})

for (const { name, binaries, media } of installations) {
  t.test(`${name}: all tracks of a file are listed, with how they are marked`, async t => {
    const clips = await clipMaker(t, binaries)
    const file = await clips.make('tracks.mkv', [
      ...['-f', 'lavfi', '-i', 'sine=duration=0.5', '-f', 'lavfi', '-i', 'testsrc=size=64x64:duration=0.5'],
      ...['-map', '1', '-map', '0', '-map', '0', '-map', '0', '-c:v', 'mpeg4', '-c:a', 'pcm_s16le'],
      ...['-metadata:s:a:0', 'title=Commentary by the director'],
      ...['-metadata:s:a:1', 'language=ger', '-metadata:s:a:1', 'title=Dubbed'],
      ...['-metadata:s:a:2', 'language=eng', '-disposition:a:2', 'default'],
    ])
    const { audio, sounds, pictures, video } = await media.probe(file)
    t.match(audio, { index: 3, language: 'eng', chosen: 'programme' })
    t.match(sounds, [
      { index: 1, title: 'Commentary by the director', role: 'commentary' },
      { index: 2, language: 'ger', role: 'dub' },
      { index: 3, language: 'eng', isDefault: true },
    ])
    t.match(pictures, [{ index: 0, codec: 'mpeg4', width: 64 }])
    t.equal(video?.chosen, undefined)
    const asked = await media.probe(file, undefined, { tracks: { sound: 2 } })
    t.match(asked.audio, { index: 2, chosen: 'request' })
  })
}

/** Half a second of silence, then a tone, each in a track, after the picture. */
const SILENT_FIRST = [
  ...['-f', 'lavfi', '-i', 'testsrc=size=64x64:duration=2', '-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono'],
  ...['-f', 'lavfi', '-i', 'sine=sample_rate=16000:duration=2', '-map', '0', '-map', '1', '-map', '2'],
  ...['-c:v', 'mpeg4', '-c:a', 'aac', '-t', '2'],
]

for (const { name, binaries, media } of installations) {
  t.test(`${name}: a silent track, or one that cannot be decoded, is passed over with the reason`, async t => {
    const clips = await clipMaker(t, binaries)
    const file = await clips.make('silent.mp4', SILENT_FIRST)
    t.match((await media.probe(file)).audio, { index: 1, chosen: undefined }, 'nobody listened')
    const info = await media.probe(file, undefined, { listen: true })
    t.match(info.audio, { index: 2, chosen: 'audible' })
    t.match(info.warnings, [{ code: 'track_skipped', message: /^Sound track 1 \(codec aac\) is silent, so track 2/ }])
    const asked = await media.probe(file, undefined, { listen: true, tracks: { sound: 1 } })
    t.match(asked, { audio: { index: 1, chosen: 'request' }, warnings: undefined })

    const both = await clips.make('both.mp4', ['-i', file, '-map', '0:0', '-map', '0:1', '-map', '0:1', '-c', 'copy'])
    t.match(await media.probe(both, undefined, { listen: true }), { audio: { index: 1 }, warnings: undefined })

    const flac = ['-map', '0:0', '-map', '0:2', '-map', '0:2', '-c:v', 'copy', '-c:a:0', 'flac', '-c:a:1', 'copy']
    const noise = ['-bsf:a:0', 'noise=amount=1']
    const broken = await clips.make('broken.mkv', ['-i', file, ...flac, ...noise])
    const { audio, warnings } = await media.probe(broken, undefined, { listen: true })
    t.match(audio, { index: 2, codec: 'aac', chosen: 'decodable' })
    t.match(warnings, [
      { code: 'track_skipped', message: /^Sound track 1 \(codec flac\) cannot be decoded \(\w.*\), so/ },
    ])
  })

  t.test(`${name}: listening ends with its signal`, async t => {
    const clips = await clipMaker(t, binaries)
    const file = await clips.make('silent.mp4', SILENT_FIRST)
    const stopped = new Error('stopped by the test')
    const sounds = [1, 2].map(index => ({ index, sampleRate: 16_000, channels: 1, named: true }))
    await t.rejects(listen(binaries, { file, sounds, duration: 2 }, AbortSignal.abort(stopped)), stopped)
  })
}
