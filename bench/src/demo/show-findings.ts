import type { Client } from '@cuewire/client'
import { clock } from './format.js'

/** Most items shown of a lane, keywords, and sentences of the summary. */
const SHOWN = 5

/** Prints what was found of each kind, the first few of each lane of the timeline. */
export async function showFindings(client: Client, videoId: string): Promise<void> {
  const { lanes } = await client.timeline.get({ videoId })
  console.log('\nTimeline:')
  for (const { name, items } of lanes) {
    if (items.length === 0) continue
    const shown = items.slice(0, SHOWN).map(({ start, label }) => `${clock(start)} ${label}`)
    const more = items.length > SHOWN ? `; and ${items.length - SHOWN} more` : ''
    console.log(`  ${name.padEnd(10)} ${shown.join('; ')}${more}`)
  }
  const { keywords } = await client.keywords.get({ videoId, limit: SHOWN })
  console.log(`\nKeywords: ${keywords.map(({ text }) => text).join(', ')}`)
  const { sentences } = await client.summary.get({ videoId, limit: SHOWN })
  console.log('Summary:')
  for (const { start, text } of sentences) console.log(`  ${clock(start)}  ${text}`)
}
