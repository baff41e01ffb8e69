import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { matroskaChapters } from '@cuewire/server/media/ffmpeg/matroska-chapters.js'
import fc from 'fast-check'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'
import { atom, element, endless, ID, idBytes, matroska } from '../../support/matroska.js'

const run = promisify(execFile)

/** Reads the chapters of a file in memory, counting what is read of it. */
async function read(file: Buffer) {
  const seen = { reads: 0, bytes: 0 }
  const chapters = await matroskaChapters(async (position, length) => {
    if (!Number.isSafeInteger(position)) throw new RangeError(`${position} is no place in a file`)
    seen.reads += 1
    seen.bytes += length
    return file.subarray(position, position + length)
  })
  return { ...seen, chapters }
}

const titlesOf = async (...editions: readonly Buffer[]) =>
  (await read(matroska(element(ID.chapters, ...editions)))).chapters?.map(({ title }) => title)

t.test('chapters are put in order, and one without an end ends where the next one starts', async t => {
  const edition = element(
    ID.edition,
    atom(86_399.997, 'Recap'),
    atom(12, 'Second', element(ID.end, 20e9)),
    atom(4, 'First'),
    atom(4, 'At the same time'),
  )
  const { chapters } = await read(matroska(element(ID.chapters, edition)))
  t.same(chapters, [
    { start: 4, end: 12, title: 'First' },
    { start: 4, end: 12, title: 'At the same time' },
    { start: 12, end: 20, title: 'Second' },
    { start: 86_399.997, end: Number.POSITIVE_INFINITY, title: 'Recap' },
  ])
})

t.test(
  'hidden, disabled and nested chapters and those of other files are left out, ordered editions or not',
  async t => {
    const flag = (id: number, value: number) => element(id, Buffer.from([value]))
    for (const ordered of [0, 1]) {
      const titles = await titlesOf(
        element(
          ID.edition,
          flag(ID.editionOrdered, ordered),
          atom(0, 'Shown', flag(ID.hidden, 0), flag(ID.enabled, 1), atom(1, 'Nested')),
          atom(2, 'Hidden', flag(ID.hidden, 1)),
          atom(3, 'Disabled', flag(ID.enabled, 0)),
          atom(4, 'Of another file', element(ID.otherSegment, Buffer.alloc(16, 7))),
          atom(5, 'Flags without a value', element(ID.hidden), element(ID.enabled)),
          element(ID.atom, element(ID.display, element(ID.text, 'Without a start'))),
        ),
      )
      t.same(titles, ['Shown', 'Flags without a value'])
    }
  },
)

t.test('the default edition is taken, else the first, and hidden ones if there are no others', async t => {
  const edition = (title: string, ...flags: readonly number[]) =>
    element(ID.edition, ...flags.map(flag => element(flag, Buffer.from([1]))), atom(0, title))
  const [plain, other] = [edition('plain'), edition('other')]
  const byDefault = edition('default', ID.editionDefault)
  const hidden = edition('hidden', ID.editionHidden)
  const hiddenDefault = edition('hidden default', ID.editionHidden, ID.editionDefault)
  t.same(await titlesOf(plain, other), ['plain'])
  t.same(await titlesOf(plain, byDefault), ['default'])
  t.same(await titlesOf(hiddenDefault, other, plain), ['other'])
  t.same(await titlesOf(hidden, hiddenDefault), ['hidden default'])
  t.same(await titlesOf(element(ID.edition, element(ID.editionDefault, Buffer.from([1]))), other), ['other'])
  t.same(await titlesOf(), [])
})

t.test('the title is the first of those in several languages, up to a zero byte', async t => {
  const display = (text: string) => element(ID.display, element(ID.text, text))
  const chapter = (at: number, ...displays: readonly Buffer[]) =>
    element(ID.atom, element(ID.start, at * 1e9), ...displays)
  const titles = await titlesOf(
    element(
      ID.edition,
      chapter(0, display('Größe\0rest'), display('Size')),
      chapter(1, element(ID.display), display('Size')),
      chapter(2, display('x'.repeat(100_000))),
    ),
  )
  t.same(titles, ['Größe', undefined, 'x'.repeat(4096)])
})

t.test('chapters are found before the pictures, by the index behind them, and by a second index', async t => {
  const chapters = element(ID.chapters, element(ID.edition, atom(3, 'Found')))
  const clusters = Buffer.concat([element(ID.cluster, Buffer.alloc(5000)), element(ID.cluster, Buffer.alloc(5000))])
  const seekHead = (id: number, position: number) =>
    element(ID.seekHead, element(ID.seek, element(ID.seekId, idBytes(id)), element(ID.seekPosition, position)))
  const { length } = seekHead(ID.chapters, 0)
  const found = { chapters: [{ start: 3, title: 'Found' }] }

  const behind = length + clusters.length
  t.match(await read(matroska(element(ID.void, Buffer.alloc(20)), chapters, clusters)), found)
  t.match(await read(matroska(seekHead(ID.chapters, behind), clusters, chapters)), found)
  t.match(
    await read(matroska(seekHead(ID.seekHead, behind), clusters, seekHead(ID.chapters, behind + length), chapters)),
    found,
  )
  t.match(
    await read(matroska(seekHead(ID.chapters, length + behind), seekHead(ID.chapters, 0), clusters, chapters)),
    found,
    'by the first of two',
  )
  t.match(await read(matroska(clusters, chapters)), found, 'without an index')
  const recording = [element(ID.header), endless(ID.segment, endless(ID.cluster, element(ID.block, 'x')), chapters)]
  t.match(await read(Buffer.concat(recording)), found, 'in a recording that knows no sizes')
  t.match(await read(matroska(seekHead(ID.chapters, 5), chapters, clusters)), found, 'with a wrong index')
})

t.test('what is damaged, too long or not Matroska is left to ffprobe', async t => {
  const chapters = element(ID.chapters, element(ID.edition, atom(0, 'One'), atom(1, 'Two')))
  const file = matroska(chapters)
  const cutElement = Buffer.from([ID.display, 0x90])
  const many = (count: number) => Array.from({ length: count }, () => element(ID.atom))
  const seekHead = (position: number) =>
    element(ID.seekHead, element(ID.seek, element(ID.seekId, idBytes(ID.chapters)), element(ID.seekPosition, position)))
  const files = [
    Buffer.alloc(0),
    Buffer.from('not a film at all'),
    file.subarray(0, -1),
    matroska(element(ID.chapters, element(ID.edition, atom(0, 'One')), element(ID.void))).subarray(0, -9),
    element(ID.segment, chapters),
    Buffer.concat([element(ID.void), file]),
    Buffer.concat([element(ID.header), endless(ID.segment, endless(ID.chapters, element(ID.edition)))]),
    matroska(element(ID.chapters, element(ID.edition, element(ID.atom, element(ID.start, Buffer.alloc(9)))))),
    matroska(element(ID.chapters, element(ID.edition, element(ID.atom, element(ID.start, 0), cutElement)))),
    matroska(element(ID.chapters, element(ID.edition, atom(0, 'x'.repeat(300_000))))),
    matroska(element(ID.chapters, element(ID.edition, ...many(2001)))),
    matroska(element(ID.chapters, ...Array.from({ length: 101 }, () => element(ID.edition, atom(0, 'One'))))),
    matroska(seekHead(seekHead(0).length), element(ID.cluster, element(ID.edition, atom(0, 'One')))),
    matroska(seekHead(2 ** 53), element(ID.cluster)),
    matroska(seekHead(2 ** 53 - 1), element(ID.cluster)),
    matroska(...Array.from({ length: 1000 }, () => element(ID.void)), chapters),
    Buffer.concat([idBytes(ID.header), Buffer.from([1, 0x7f, 0, 0, 0, 0, 0, 0]), file]),
  ]
  for (const [at, damaged] of files.entries()) t.equal((await read(damaged)).chapters, undefined, `file ${at}`)
  t.same((await read(matroska(element(ID.chapters, element(ID.edition, ...many(2000)))))).chapters, [])
})

t.test('whatever a file holds, little of it is read and nothing fails', async () => {
  const ids = Object.values(ID)
  const { tree } = fc.letrec<{ tree: Buffer }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.uint8Array({ maxLength: 20 }).map(bytes => Buffer.from(bytes)),
      fc
        .tuple(fc.constantFrom(...ids), fc.array(tie('tree'), { maxLength: 5 }), fc.boolean())
        .map(([id, contents, isEndless]) => (isEndless ? endless : element)(id, ...contents)),
    ),
  }))
  const whole = matroska(
    element(ID.seekHead, element(ID.seek, element(ID.seekId, idBytes(ID.chapters)), element(ID.seekPosition, 200))),
    element(ID.void, Buffer.alloc(60)),
    element(ID.cluster, Buffer.alloc(100)),
    element(ID.chapters, element(ID.edition, atom(5, 'Five', element(ID.end, 6e9)), atom(1, 'One', atom(2, 'Two')))),
  )
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 })
  const damaged = fc.tuple(damage, fc.nat(whole.length)).map(([changes, length]) => {
    const bytes = Buffer.from(whole)
    for (const [at, value] of changes) bytes[at] = value
    return length % 2 === 0 ? bytes : bytes.subarray(0, length)
  })
  const anyFile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
    fc.array(tree, { maxLength: 8 }).map(contents => matroska(...contents)),
    damaged,
  )
  await fc.assert(
    fc.asyncProperty(anyFile, async file => {
      const { chapters = [], reads, bytes } = await read(file)
      return (
        reads <= 1010 &&
        bytes <= 2 ** 19 &&
        chapters.every(({ start, end }, at) => start >= (chapters[at - 1]?.start ?? 0) && end >= 0)
      )
    }),
    { numRuns: 3000 },
  )
})

t.test('of a long file no more is read than of a short one', async t => {
  const void_ = element(ID.void, Buffer.alloc(50))
  const long = matroska(...Array.from({ length: 50_000 }, () => void_))
  t.match(await read(long), { chapters: undefined, reads: 1002, bytes: 1002 * 12 })
})

for (const { name, binaries } of installations) {
  t.test(`${name} says the same of chapters in order`, async t => {
    const clips = await clipMaker(t, binaries)
    const film = await readFile(await clips.make('live.mkv', ['-i', await clips.plain(), '-c', 'copy', '-live', '1']))
    const edition = element(
      ID.edition,
      atom(0, 'No end', atom(0.2, 'Nested')),
      atom(0.5, 'An end', element(ID.end, 0.7e9)),
      atom(1.25, 'Größe\0rest'),
    )
    const segment = film.indexOf(idBytes(ID.segment)) + 12
    const file = clips.path('film.mkv')
    const bytes = [film.subarray(0, segment), element(ID.chapters, edition), film.subarray(segment)]
    await writeFile(file, Buffer.concat(bytes))

    const entries = ['-show_entries', 'chapter=start_time,end_time:chapter_tags=title', '-of', 'json']
    const { stdout } = await run(binaries.ffprobe, ['-v', 'error', ...entries, file])
    const probed = JSON.parse(stdout).chapters.map((chapter: Record<string, unknown>) => ({
      start: Number(chapter['start_time']),
      end: Number(chapter['end_time']),
      title: (chapter['tags'] as { title: string }).title,
    }))
    const { chapters } = await read(await readFile(file))
    t.equal(probed.length, 3)
    t.match(chapters?.slice(0, -1), probed.slice(0, -1))
    t.match(chapters?.at(-1), { start: 1.25, title: 'Größe' })
    t.match(probed.at(-1), { start: 1.25, title: 'Größe' })
  })
}
