import type { AudioStream, SubtitleStream } from '@cuewire/protocol'
import { rankSubtitles } from '@cuewire/server/domain/transcript/rank-subtitles.js'
import t from 'tap'

type Flags = Partial<SubtitleStream>

/** Numbers of the streams, the likeliest first. */
function order(streams: readonly Flags[], language?: string | null): number[] {
  const audio: AudioStream = { codec: 'aac', sampleRate: 48_000, channels: 2, ...(language && { language }) }
  const subtitles = streams.map((flags, index) => ({ index, codec: 'subrip', ...flags }))
  return rankSubtitles({ subtitles, ...(language !== null && { audio }) }).map(({ index }) => index)
}

t.test('the language of the sound goes first, however it is written', t => {
  const german: Flags = { language: 'ger' }
  const english: Flags = { language: 'eng', isDefault: true }
  for (const language of ['eng', 'en', 'en-US']) t.same(order([german, english], language), [1, 0])
  for (const language of ['ger', 'deu', 'de']) t.same(order([english, german], language), [1, 0])
  t.same(order([german, { ...english, isDefault: false }], 'fre'), [0, 1], 'else the order of the file stands')
  t.same(order([german, english]), [1, 0], 'or the default')
  t.end()
})

t.test('a track of signs alone is no transcript', t => {
  const forced: Flags = { language: 'eng', isForced: true }
  const full: Flags = { language: 'eng' }
  t.same(order([forced, full], 'eng'), [1])
  t.same(order([forced]), [], 'where there is sound')
  t.same(order([forced, full], null), [1, 0], 'and without sound it is the last resort')
  t.same(order([{ title: 'Signs & Songs' }, { title: 'English (Forced)' }, { title: 'Signed edition' }]), [2])
  t.end()
})

t.test('a commentary comes after what is said in the film', t => {
  t.same(
    order([{ language: 'eng', title: "Director's commentary", isDefault: true }, { language: 'eng' }], 'eng'),
    [1, 0],
  )
  t.end()
})

t.test('a tag that is no language is compared as it is', t => {
  t.same(order([{ language: 'de' }, { language: '123456789' }], '123456789'), [1, 0])
  t.end()
})
