import { ordinaryCues, subtitleCases } from '@cuewire/bench/grammars/subtitle-cases.js'
import { LIMITS } from '@cuewire/protocol'
import { fromPage } from '@cuewire/server/domain/transcript/subtitle-pages.js'
import t from 'tap'
import { useTextThread } from '../../../support/text-thread.js'

t.test('the worst cases of the subtitle grammars at full size end with sentences or a clear refusal', async t => {
  const thread = useTextThread(t)
  for (const { name, format, text, refused } of subtitleCases())
    await t.test(name, async t => {
      const parsed = thread.run('subtitles', { format, text, source: 'given' })
      if (refused) {
        await t.rejects(parsed, { code: 'subtitles.invalid', message: refused })
        return
      }
      const { pages, sentences } = await parsed
      const segments = pages.flatMap(fromPage)
      t.equal(segments.length, sentences)
      t.ok(segments.every(({ start, end }, at) => end >= start && start >= (segments[at - 1]?.start ?? 0)))
      t.ok(segments.every(({ text }) => text.length > 0 && text.length <= LIMITS.textLength))
    })
})

t.test('embedded subtitles are read as far as the limits go, with a warning', async t => {
  const thread = useTextThread(t)
  const { embeddedSubtitlesBytes, subtitleCues, cueLength } = LIMITS
  const cue = (at: number, text: string) =>
    `0:00:${String(at % 60).padStart(2, '0')},${String(at % 1000).padStart(3, '0')} --> 0:01:00\n${text}\n`
  const cases = {
    bytes: {
      text: cue(0, '').repeat(10) + cue(1, 'a. '.repeat(6000)).repeat(embeddedSubtitlesBytes / 18_000),
      warning: `first ${embeddedSubtitlesBytes} bytes`,
    },
    cues: {
      text: Array.from({ length: subtitleCues + 1 }, (_, at) => cue(at, `a${at}.`)).join(''),
      warning: `first ${subtitleCues} cues`,
    },
    length: { text: cue(1, `${'a '.repeat(cueLength)}lost`), warning: `cut after ${cueLength} characters` },
  }
  for (const [name, { text, warning }] of Object.entries(cases))
    await t.test(name, async t => {
      const { sentences, warnings } = await thread.run('subtitles', { format: 'srt', text, source: 'embedded' })
      t.ok(sentences > 0)
      t.match(warnings, [new RegExp(warning)])
    })
  await t.test('given ones are refused', async t => {
    const given = (text: string) => thread.run('checkSubtitles', { format: 'srt', text, source: 'given' })
    await t.rejects(given(cases.length.text), {
      code: 'subtitles.invalid',
      message: /a cue may have 20000 characters; the one at line 1/,
    })
    await t.rejects(given(ordinaryCues(10_000)), {
      code: 'subtitles.invalid',
      message: /the text may have 500000 characters/,
    })
  })
})
