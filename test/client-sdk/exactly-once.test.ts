import fc from 'fast-check'
import t from 'tap'
import { connected } from '../support/client.js'
import { FakeTopic } from '../support/fake-topic.js'
import { brief } from '../support/items.js'

/** A topic of its own for each run, so that nothing of the one before can come into it. */
const topicOf = (run: number) => `video/${String(run).padStart(26, '0')}`

/** What happens to the connection and the topic, step by step. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish'), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut', 'close', 'settle'), count: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle'), count: fc.constant(0) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cut the next replay'), count: fc.integer({ min: 0, max: 12 }) }),
  },
)

t.test('whatever the connection does, every reader gets each event once and in order', async t => {
  const { server, client } = await connected(t, { reconnect: { baseMs: 1, capMs: 3 } })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.integer({ min: 1, max: 5 }), async (steps, bufferSize) => {
      const name = topicOf(run++)
      const topic = new FakeTopic(name, server)
      const readers = [client.subscribe(name, { since: 0, bufferSize }), client.subscribe(name, { since: 0 })]
      for (const { do: what, count } of steps) {
        if (what === 'publish') topic.publish(count)
        else if (what === 'cut') server.connection.cut()
        else if (what === 'close') server.connection.close(4200)
        else if (what === 'cut the next replay') topic.cutReplays.push(count)
        else await new Promise(resolve => setTimeout(resolve, 5))
        for (const connection of topic.subscribed) {
          if (connection.socket.readyState !== 1) topic.subscribed.delete(connection)
        }
      }
      // The last event tells a reader that there is nothing more to wait for.
      topic.publish()
      const expected = Array.from({ length: topic.seq }, (_, index) => index + 1)
      for (const reader of readers) {
        const got: unknown[] = []
        for await (const item of reader) {
          got.push(brief(item))
          if (item.type === 'gap' || item.seq === topic.seq) break
        }
        t.strictSame(got, expected)
      }
    }),
    { numRuns: 40 },
  )
  t.ok(server.connections.length > 5, `${server.connections.length} connections were used`)
})
