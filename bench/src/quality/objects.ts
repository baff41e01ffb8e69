import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { connect } from '@cuewire/client'
import type { LabelSummary } from '@cuewire/protocol'
import { withServer } from '../lib/server-process.js'
import { PEERS } from '../peers/peers.js'
import type { Measure, MeasureOptions, Row } from './measure.js'
import { type BoxScore, BoxScores } from './objects/box-scores.js'
import { LABELLED_CLIPS, type LabelledClip } from './objects/labelled-clips.js'
import { processFile } from './process-file.js'

const MEDIA = resolve('../shared/media')
const PACKS = ['objects-centernet', 'objects-yolox-nano']
/** A sampled frame within this time of a labelled one shows the same. */
const TOLERANCE = 0.26

/** Boxes and clip labels of each pack on recordings that were labelled by hand. */
export const objects: Measure = async options => {
  const clips = LABELLED_CLIPS.map(clip => ({ ...clip, path: resolve(MEDIA, clip.file) }))
  const absent = clips.find(({ path }) => !existsSync(path))
  if (absent) return { skipped: `${absent.path} is not there` }
  for (const { path, sha256 } of clips)
    if (
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex') !== sha256
    )
      return { skipped: `${path} is not the file that was labelled` }
  const rows: Row[] = []
  for (const pack of PACKS) rows.push(...(await rowsOf(pack, clips, options)))
  return { rows }
}

type Clip = LabelledClip & { readonly path: string }

async function rowsOf(pack: string, clips: readonly Clip[], { signal, progress }: MeasureOptions): Promise<Row[]> {
  const boxes = new BoxScores()
  const told: { readonly clip: Clip; readonly label: LabelSummary }[] = []
  const environment = { CUEWIRE_MODEL_OBJECTS: pack }
  const missing = await withServer({ command: PEERS.cuewire.command, signal, environment }, async ({ port }) => {
    const client = await connect(`ws://127.0.0.1:${port}`)
    for (const clip of clips) {
      progress(`${pack}, ${clip.file}`)
      const { video, job } = await processFile(client, clip.path)
      const stage = job.stages.find(({ name }) => name === 'objects')
      if (stage?.state !== 'completed') return `skipped: ${stage?.reason}; fix it with: ${stage?.command}`
      const { frames } = await client.detections.get({ videoId: video.id, limit: 200 })
      for (const [time, real] of Object.entries(clip.frames)) {
        const frame = frames.find(({ at }) => Math.abs(at - Number(time)) <= TOLERANCE)
        if (frame) boxes.add(frame.objects, real)
      }
      const { labels } = await client.objects.get({ videoId: video.id, limit: 200 })
      told.push(...labels.map(label => ({ clip, label })))
    }
    await client.close()
    return undefined
  })
  const set = `recordings, ${pack}`
  if (missing !== undefined) return [{ set, what: 'boxes', found: missing }]
  const isThere = ({ clip, label }: (typeof told)[number]) => clip.labels.includes(label.label)
  const bandRow = (band: LabelSummary['band']) => {
    const ofBand = told.filter(({ label }) => label.band === band)
    const wrong = ofBand.filter(one => !isThere(one)).map(({ label }) => label.label)
    const names = wrong.length > 0 ? ` (${wrong.join(', ')})` : ''
    const found = `${wrong.length} of ${ofBand.length}${names}`
    return { set, what: `false labels, band ${band}`, found, ...(band === 'high' && { target: '0' }) }
  }
  return [
    boxRow(set, 'all', boxes.total),
    ...[...boxes.of].map(([label, score]) => boxRow(set, label, score)),
    ...(['high', 'medium', 'low'] as const).map(bandRow),
  ]
}

function boxRow(set: string, label: string, { right, found, real }: BoxScore): Row {
  const recall = `recall ${right} of ${real}`
  return { set, what: `boxes, ${label}`, found: `${recall}, precision ${right} of ${found}`, target: '>= 0.7, >= 0.8' }
}
