import { readFile, writeFile } from 'node:fs/promises'
import type { Chapter, TranscriptSegment, Video } from '@cuewire/protocol'
import t from 'tap'
import { quickLibrary } from '../support/quick-library.js'
import { mustReply, readEverything } from '../support/read-everything.js'

/** Tags as only a file can hold them: bytes that are no UTF-8, control characters, and more of it than fits. */
const TAGS: readonly Buffer[] = [
  Buffer.from([0x48, 0xe4, 0x66, 0x65, 0x6e, 0xff, 0xfe]),
  Buffer.from([0xed, 0xa0, 0xbd, 0x20, 0xc0, 0x80, 0xf8]),
  Buffer.from('Boats \u001b[31m\u0007\u007f\u0085\u2028and \u202etides\u2066'),
  Buffer.from(`${'a'.repeat(199)}🦊 and more`),
  Buffer.from('👨‍👩‍👧‍👦'.repeat(1500)),
  Buffer.from('e\u0301'.repeat(5000)),
  Buffer.from('\u0001\u0002\u202e'),
  Buffer.from('   '),
]

/** An ffmetadata file with a chapter for each tag. */
function chapterFile(tags: readonly Buffer[]): Buffer {
  // In such a file a backslash keeps the next character from having a meaning.
  const escaped = (tag: Buffer) => Buffer.from(tag.toString('latin1').replaceAll(/[=;#\\\n]/g, '\\$&'), 'latin1')
  const chapters = tags.flatMap((tag, at) => [
    Buffer.from(`[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at * 1000}\nEND=${at * 1000 + 1000}\ntitle=`),
    escaped(tag),
    Buffer.from('\n'),
  ])
  return Buffer.concat([
    Buffer.from(';FFMETADATA1\ntitle='),
    escaped(tags[0] ?? Buffer.of()),
    Buffer.from('\n'),
    ...chapters,
  ])
}

/** Picture and sound. */
const inputs = (seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc=size=320x180:rate=25:duration=${seconds}`],
  ...['-f', 'lavfi', '-i', `sine=duration=${seconds}`],
]
const CODECS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
const STREAM_TAGS = [
  ...['-metadata:s:s:0', 'title=Signs\u001b \u202eand songs\n', '-metadata:s:s:0', 'language=e\u0007n'],
  ...['-metadata:s:a:0', `language=${'\u202e'.repeat(4)}`, '-metadata:s:v:0', 'rotate=\u0001'],
]

for (const container of ['mkv', 'mp4']) {
  t.test(`the tags of an ${container} are repaired, whatever bytes they hold`, async t => {
    const { socket, clips, add } = await quickLibrary(t)
    const cues = await clips.write('cues.srt', '1\n00:00:00,100 --> 00:00:01,900\nThe boats leave.\n')
    const chapters = clips.path('chapters.txt')
    await writeFile(chapters, chapterFile(TAGS))
    const file = await clips.make(`tags.${container}`, [
      ...[...inputs(TAGS.length + 1), '-i', cues, '-i', chapters, '-map', '0:v', '-map', '1:a', '-map', '2:s'],
      ...['-map_metadata', '3', '-map_chapters', '3', ...CODECS, '-c:s', container === 'mkv' ? 'srt' : 'mov_text'],
      ...STREAM_TAGS,
    ])
    const { videoId } = await add(await readFile(file), { filename: `tags.${container}` })
    await readEverything(socket)
    const { video } = (await mustReply(socket, 'video.get', { videoId })) as { video: Video }
    const titles = video.media.chapters.map(({ title }) => title)
    t.equal(titles.length, TAGS.length)
    t.match(titles[0], /^H\ufffdfen\ufffd+$/)
    t.match(titles[1], /^\ufffd+ \ufffd+$/)
    t.match(titles.slice(2, 4), ['Boats [31m and tides', `${'a'.repeat(199)}🦊`])
    t.same(
      titles.slice(4).map(title => title && [...title].length),
      [196, 200, undefined, undefined],
      'whole families, whole letters, and nothing of what cannot be seen',
    )
    t.match(video.media.subtitles, [container === 'mkv' ? { title: 'Signs and songs', language: 'en' } : {}])
    t.notMatch(video.media.audio?.language ?? '', /[^a-z]/)
    const { chapters: found } = (await mustReply(socket, 'chapters.get', { videoId })) as { chapters: Chapter[] }
    t.ok(found.every(({ title }) => !/\p{Cc}|\p{Cs}/u.test(title)))
  })
}

const CUES = [
  'Boats \u001b[31mleave\u0007 \u202ebefore dawn\u202c.',
  'Half an emoji: &#xD83D; or &#55357; and a bell: &#7;&#27;&#x85;.',
  `${'🦊'.repeat(150)}${'x'.repeat(300)} ends here.`,
  `Combining ${'e\u0301'.repeat(400)} ends.`,
  'Gulls\u2028cry\u0000over\ufffethe\u{1d400} quay.',
]
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 23).replace('.', ',')
const srt = CUES.map((cue, at) => `${at + 1}\n${clock(at * 400)} --> ${clock(at * 400 + 350)}\n${cue}\n`)

t.test('embedded subtitles are read without what is no text in them', async t => {
  const { socket, clips, add } = await quickLibrary(t)
  const cues = clips.path('cues.srt')
  await writeFile(cues, srt.join('\n'))
  const sources = [...inputs(2), '-i', cues, '-map', '0:v', '-map', '1:a', '-map', '2:s']
  const file = await clips.make('subtitles.mkv', [...sources, ...CODECS, '-c:s', 'srt'])
  const { videoId, state } = await add(await readFile(file), { filename: 'subtitles.mkv' })
  t.equal(state, 'ready')
  await readEverything(socket)
  const { segments } = (await mustReply(socket, 'transcript.get', { videoId })) as { segments: TranscriptSegment[] }
  const text = segments.map(segment => segment.text).join(' ')
  t.notMatch(text, /\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u)
  t.match(text, 'leave before dawn.')
  t.match(text, 'Half an emoji: or and a bell')
})

t.test('given subtitles may hold any character, as files do', async t => {
  const { socket, clips, add } = await quickLibrary(t)
  const subtitles = { format: 'srt', text: `${srt.join('\n')}\u001a` }
  const { videoId, state } = await add(await readFile(await clips.plain()), { subtitles })
  t.equal(state, 'ready')
  await readEverything(socket)
  const { segments } = (await mustReply(socket, 'transcript.get', { videoId })) as { segments: TranscriptSegment[] }
  t.match(segments.map(segment => segment.text).join(' '), /leave before dawn.*Gulls cry/)
})
