import type { Client } from '@cuewire/client'
import type { ChatMessage, SearchHit } from '@cuewire/protocol'
import { clock } from './format.js'

/** Searches and prints the best moments. */
export async function searchAndShow(client: Client, videoId: string, query: string): Promise<SearchHit[]> {
  const { hits } = await client.search.query({ query, videoIds: [videoId], limit: 3 })
  console.log(`\nSearch: ${query}`)
  for (const { rank, band, start, end, text, why } of hits) {
    const modalities = [...new Set(why.map(match => match.modality))].join(', ')
    console.log(`  ${rank}. ${clock(start)}-${clock(end)} [${band}; ${modalities}] ${text}`)
  }
  return hits
}

/** Asks and prints the answer as it streams in, then what its [n] stand for. */
export async function askAndShow(client: Client, chatId: string, question: string): Promise<ChatMessage> {
  process.stdout.write(`\nQ: ${question}\nA: `)
  for await (const event of client.ask(chatId, question)) {
    switch (event.type) {
      case 'chat.delta':
        process.stdout.write(event.data.text)
        break
      case 'chat.done': {
        const { message } = event.data
        console.log(message.abstained ? '' : `  (confidence: ${message.confidence})`)
        for (const { number, start, end, modality, quote } of message.citations) {
          console.log(`   [${number}] ${clock(start)}-${clock(end)} ${modality}: ${quote}`)
        }
        return message
      }
    }
  }
  throw new Error('the answer did not end')
}
