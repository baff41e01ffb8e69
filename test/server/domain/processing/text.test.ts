import { DEVELOPMENT_FONTS } from '@cuewire/bench/quality/slides/fonts.js'
import type { TextSlide } from '@cuewire/bench/quality/slides/slide.js'
import { makeSlideVideo, SLIDE_SECONDS } from '@cuewire/bench/quality/slides/slide-video.js'
import type { ScreenText } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { timeline } from '@cuewire/server/domain/navigation/timeline.js'
import t from 'tap'
import { useModels } from '../../../support/models.js'
import { modelsOf } from '../../../support/models-of.js'
import { type Bench, countsOf, openBench, useBench } from '../../../support/processing.js'
import { testFolder } from '../../../support/test-folder.js'

const [SANS = { name: '', module: '' }] = DEVELOPMENT_FONTS
const COLOURS = ['#f5f1e4', '#e6f0f5', '#ffffff']

const lineAt = (text: string, size: number, y: number) => ({ text, size, colour: '#12324a', x: 100, y })
const slideOf = (title: string, points: readonly string[], colour = ''): TextSlide => ({
  font: SANS,
  background: { kind: 'plain', colour },
  title: lineAt(title, 60, 80),
  body: points.map((text, at) => lineAt(text, 32, 240 + at * 70)),
})

const TEXTS = [
  ['Boats and Harbour', ['The tide turns at noon', 'Anchors weigh 12 tons']],
  // The second point appears later, on the same slide.
  ['Sheep and Wool', ['Lambs are born in spring']],
  ['Sheep and Wool', ['Lambs are born in spring', 'Farmers cut the fleece']],
  ['Glaciers', ['Slow rivers of ice']],
] as const
const SLIDES = TEXTS.map(([title, points], at) => slideOf(title, points, COLOURS[[0, 1, 1, 2][at] ?? 0]))
const END = SLIDES.length * SLIDE_SECONDS
const EXPECTED = [
  ['Boats and Harbour', 'title', 0, 4],
  ['The tide turns at noon', 'line', 0, 4],
  ['Anchors weigh 12 tons', 'line', 0, 4],
  ['Sheep and Wool', 'title', 4, 12],
  ['Lambs are born in spring', 'line', 4, 12],
  ['Farmers cut the fleece', 'line', 8, 12],
  ['Glaciers', 'title', 12, END],
  ['Slow rivers of ice', 'line', 12, END],
]

const models = await useModels(t)
const clip = await makeSlideVideo(SLIDES, testFolder(t))
const summary = (lines: readonly ScreenText[]) => lines.map(({ text, role, start, end }) => [text, role, start, end])
const onlyText = () => modelsOf({ text: () => models.text() })

async function start(bench: Bench, file: string) {
  const video = await bench.add(file)
  bench.processing.start()
  return { video, id: (await bench.processing.enqueue(video.id)).id }
}

t.test('each line of slides is one item, in reading order, with its span and the title', async t => {
  const bench = await useBench(t, { models: onlyText() })
  const { video, id } = await start(bench, clip)
  const job = await bench.ended(id)
  t.match(
    job.stages.find(({ name }) => name === 'text'),
    { state: 'completed', model: /^text-ppocr-v4@/ },
  )
  const lines = await allItems(bench.store.content, video.id, 'text')
  t.strictSame(summary(lines), EXPECTED)
  t.strictSame(
    lines.map(({ index }) => index),
    lines.map((_, at) => at),
  )
  t.equal(countsOf(job)['text.linesRead'], lines.length, 'a line that is held is read once')

  const live = bench.bus.of('visual.text', `visual/${video.id}`).flatMap(event => event.data.lines)
  t.strictSame([...new Map(live.map(line => [line.index, line])).values()], lines, 'the last event of each line holds')
  const [lane] = await timeline(bench.store, video.id, { lanes: ['text'] })
  t.strictSame(
    lane?.items.map(({ label }) => label),
    lines.map(({ text }) => text),
  )
})

t.test('a job that is closed goes on with the lines it has, and reads none twice', async t => {
  const dir = testFolder(t)
  const first = await openBench({ dir, models: onlyText() })
  const { video, id } = await start(first, clip)
  await first.bus.waitFor(({ type }) => type === 'visual.text')
  await first.close()

  const second = await openBench({ dir, models: onlyText() })
  t.teardown(() => second.close())
  second.processing.start()
  const job = await second.ended(id)
  t.equal(job.state, 'completed')
  const lines = await allItems(second.store.content, video.id, 'text')
  t.strictSame(summary(lines), EXPECTED)
  t.equal(countsOf(job)['text.linesRead'], lines.length)
})

t.test('without its model the stage is skipped, and says how to install it', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const { id } = await start(bench, clip)
  const { stages } = await bench.ended(id)
  t.match(
    stages.find(({ name }) => name === 'text'),
    { state: 'skipped', code: 'model.missing', command: /pull/ },
  )
})
