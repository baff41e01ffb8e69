import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'

const client = await connect('ws://127.0.0.1:8787')
const video = await uploadFile(client, process.argv[2] ?? 'talk.mp4')
for await (const event of client.subscribe(`video/${video.id}`, { since: 0 })) {
  if (event.type === 'transcript.segment') console.log(event.data.segment.start, event.data.segment.text)
  if (event.type === 'processing.stage' && event.data.stage.state === 'skipped') console.warn(event.data.stage)
  if (event.type === 'processing.failed') throw new Error(event.data.job.error?.message)
  if (event.type === 'processing.cancelled') throw new Error('the job was cancelled')
  if (event.type === 'processing.completed') break
}
const { chat } = await client.chat.create({ videoIds: [video.id] })
for await (const event of client.ask(chat.id, 'What is this about?')) {
  if (event.type === 'chat.delta') process.stdout.write(event.data.text)
  if (event.type === 'chat.citation') console.log(`\n  [${event.data.citation.number}] ${event.data.citation.start} s`)
}
await client.close()
