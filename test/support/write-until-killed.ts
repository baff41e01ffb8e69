import { argv, stdout } from 'node:process'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { aSegment, aVideo, newId } from './entities.js'

// Stores one video with 20 sentences after the other and prints the id of each when it is acknowledged, for ever.

const [, , file = ''] = argv
const store = (await openSqliteStore({ file })).for('acme')
for (;;) {
  const [video, jobId] = [aVideo(), newId()]
  await store.videos.insert(video, undefined)
  await store.content.begin(video.id, 'transcript', jobId)
  await store.content.add(
    video.id,
    'transcript',
    jobId,
    Array.from({ length: 20 }, (_, i) => aSegment(i, 'Gulls cry.')),
  )
  await store.content.complete(video.id, 'transcript', jobId)
  stdout.write(`${video.id}\n`)
}
