import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import type { ScreenText } from '@cuewire/protocol'
import { seededRandom } from '../lib/seeded-random.js'
import { withServer } from '../lib/server-process.js'
import { PEERS } from '../peers/peers.js'
import type { Measure, Row } from './measure.js'
import { processFile } from './process-file.js'
import { characterErrorRate } from './slides/character-errors.js'
import { DEVELOPMENT_FONTS, type Font, HELD_OUT_FONTS } from './slides/fonts.js'
import { randomSlide, type TextSlide } from './slides/slide.js'
import { makeSlideVideo, SLIDE_SECONDS } from './slides/slide-video.js'

const SLIDES = 40
/** Lines that begin within this time of a slide belong to it. */
const TOLERANCE = 0.5

/** Sets differ in fonts and seeds. Thresholds were chosen on the first one alone. */
const SETS: Readonly<Record<string, { readonly seed: number; readonly fonts: readonly Font[] }>> = {
  development: { seed: 1, fonts: DEVELOPMENT_FONTS },
  'held out': { seed: 2001, fonts: HELD_OUT_FONTS },
}

/** Text of drawn slides against what is read, over the whole pipeline. */
export const text: Measure = async ({ signal, progress }) => {
  const rows: Row[] = []
  await withServer({ command: PEERS.cuewire.command, signal }, async ({ port }) => {
    const client = await connect(`ws://127.0.0.1:${port}`)
    for (const [set, { seed, fonts }] of Object.entries(SETS)) {
      progress(set)
      const random = seededRandom(seed)
      const slides = Array.from({ length: SLIDES }, () => randomSlide(random, fonts))
      const folder = await mkdtemp(join(tmpdir(), 'cuewire-quality-'))
      try {
        const { video, job } = await processFile(client, await makeSlideVideo(slides, folder, signal))
        const lines = await linesOf(client, video.id)
        rows.push(...compared(set, slides, lines))
        rows.push({
          set,
          what: 'speed of the whole job, x real time',
          found: (job.speed ?? 0).toFixed(1),
          target: '>= 10',
        })
      } finally {
        await rm(folder, { recursive: true })
      }
    }
    await client.close()
  })
  return { rows }
}

async function linesOf(client: Awaited<ReturnType<typeof connect>>, videoId: string): Promise<ScreenText[]> {
  const all: ScreenText[] = []
  let cursor: string | undefined
  do {
    const page = await client.text.get({ videoId, limit: 200, ...(cursor !== undefined && { cursor }) })
    all.push(...page.lines)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return all
}

function compared(set: string, slides: readonly TextSlide[], lines: readonly ScreenText[]): Row[] {
  const shown = slides.map((_, at) =>
    lines.filter(({ start }) => Math.floor((start + TOLERANCE) / SLIDE_SECONDS) === at).map(line => line),
  )
  const written = slides.map(({ title, body }) => [title, ...body].map(line => line.text))
  const wrong = shown.flatMap((read, at) => {
    const truth = written[at]?.join('\n') ?? ''
    return characterErrorRate(truth, read.map(line => line.text).join('\n')) * truth.length
  })
  const characters = written.reduce((sum, texts) => sum + texts.join('\n').length, 0)
  const count = written.flat().length
  const titles = slides.filter(({ title }, at) => {
    const marked = shown[at]?.filter(({ role }) => role === 'title') ?? []
    return marked.length === 1 && characterErrorRate(title.text, marked[0]?.text ?? '') <= 0.2
  })
  const held = lines.filter(({ start, end }) => Math.abs(end - start - SLIDE_SECONDS) <= TOLERANCE)
  return [
    {
      set,
      what: `character error rate, ${slides.length} slides`,
      found: (wrong.reduce((sum, errors) => sum + errors, 0) / characters).toFixed(4),
      target: '<= 0.05',
    },
    { set, what: 'rows for each line', found: (lines.length / count).toFixed(3), target: '1' },
    { set, what: 'rows as long as their slide', found: `${held.length} of ${lines.length}`, target: 'all' },
    {
      set,
      what: 'titles recognised, one for each slide',
      found: `${titles.length} of ${slides.length}`,
      target: 'all',
    },
  ]
}
