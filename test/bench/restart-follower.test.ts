import { Follower } from '@cuewire/bench/restart/follower.js'
import { connect } from '@cuewire/client'
import { EVENTS } from '@cuewire/protocol'
import t from 'tap'
import { connected } from '../support/client.js'

const [JOB_ID, VIDEO_ID] = ['01M8C1VG1BZFY8EM09QT9XZD4A', '01M8C25FKQ2AH6ESZT0KS579PR']
const EVENT = EVENTS['processing.started'].example

t.test('a follower tells gaps and events that never came from a topic that is whole', async t => {
  const { server, client } = await connected(t)
  /** The last number of each topic, and what of it is sent. */
  const topics: Record<string, { seq: number; sent: number[]; recovery: string }> = {
    [`job/${JOB_ID}`]: { seq: 2, sent: [1, 2], recovery: 'replayed' },
    [`video/${VIDEO_ID}`]: { seq: 3, sent: [1, 3], recovery: 'replayed' },
    [`visual/${VIDEO_ID}`]: { seq: 5, sent: [], recovery: 'gap' },
  }
  server.on('subscribe', (command, connection) => {
    const { topic, since } = command.data as { topic: string; since?: number }
    const { seq = 0, sent = [], recovery } = topics[topic] ?? {}
    const isFresh = since === undefined
    connection.reply(command, { topic, epoch: 'e1', seq, recovery: isFresh ? 'current' : recovery })
    if (!isFresh)
      for (const one of sent) if (one > since) connection.event('processing.started', EVENT, { topic, seq: one })
  })
  server.on('unsubscribe', ({ data }) => data)

  const follower = new Follower(client, { jobId: JOB_ID, videoId: VIDEO_ID })
  await follower.confirmed()
  const fresh = await connect(server.url)
  t.teardown(() => fresh.close())
  t.match(await follower.tally(fresh, AbortSignal.timeout(10_000)), [
    { events: 2, gaps: 0, missing: 0, twice: 0 },
    { events: 2, gaps: 1, missing: 1, twice: 0 },
    { events: 0, gaps: 1, missing: 5, twice: 0 },
  ])
  t.notOk(follower.isEnded)
})
