import type { OutcomeRow } from '@cuewire/server/storage/store.js'
import fc from 'fast-check'
import type { Test } from 'tap'
import type { StoreFactory } from '../store.js'

const KEEP = { count: 100, bytes: 100_000 }

const anOutcome = (change: Partial<OutcomeRow> = {}): OutcomeRow => ({
  subject: 'ada',
  key: 'k',
  fingerprint: 'hash',
  outcome: { result: { chat: { title: 'Boats', videoIds: [] } } },
  createdAtMs: 1000,
  ...change,
})

/** An outcome of that many bytes of JSON. */
const sized = (bytes: number) => ({ result: 'x'.repeat(bytes - '{"result":""}'.length) })

/** What every OutcomeStore must do. */
export async function outcomeContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('a result and an error come back as they were put in, each under the key of its subject', async t => {
    const { outcomes } = await open(t)
    const error = {
      code: 'video.not_found',
      message: 'There is no video with this id; video.list lists them.',
      retryable: false,
    } as const
    const rows = [
      anOutcome(),
      anOutcome({ key: 'other', outcome: { error } }),
      anOutcome({ subject: 'bob', fingerprint: 'another', createdAtMs: 2000 }),
      anOutcome({ subject: 'ada k', key: '' }),
    ]
    for (const row of rows) await outcomes.put(row, KEEP)
    for (const row of rows) t.strictSame(await outcomes.get(row.subject, row.key), row)
    t.equal(await outcomes.get('bob', 'other'), undefined)
  })

  t.test('any well-formed text is a key or a subject, and different texts are different ones', async t => {
    const { outcomes } = await open(t)
    const texts = ['', 'a', 'A', ' a', 'a\0', 'a\0b', '\u00e9', 'e\u0301', '\ufffd', '\ud83d\ude00', '%', "'"]
    for (const text of texts) {
      await outcomes.put(anOutcome({ key: text, fingerprint: JSON.stringify(text) }), KEEP)
      await outcomes.put(anOutcome({ subject: text, fingerprint: JSON.stringify(text) }), KEEP)
    }
    for (const text of texts) {
      t.match(await outcomes.get('ada', text), { fingerprint: JSON.stringify(text) })
      t.match(await outcomes.get(text, 'k'), { fingerprint: JSON.stringify(text) })
    }
  })

  t.test('an outcome takes the place of a former one of its key', async t => {
    const { outcomes, server } = await open(t)
    const again = anOutcome({ fingerprint: 'new', outcome: { result: 2 }, createdAtMs: 2000 })
    for (const row of [anOutcome(), again]) await outcomes.put(row, KEEP)
    t.strictSame(await outcomes.get('ada', 'k'), again)
    t.equal(await server.upkeep.expireOutcomes(2000, 10), 1, 'there is one')
  })

  t.test('a subject keeps the newest so many; another subject loses nothing by it', async t => {
    const { outcomes } = await open(t)
    const keep = { count: 3, bytes: 100_000 }
    await outcomes.put(anOutcome({ subject: 'bob' }), keep)
    for (let i = 0; i < 10; i++) await outcomes.put(anOutcome({ key: `${i}` }), keep)
    const kept = await Promise.all(Array.from({ length: 10 }, (_, i) => outcomes.get('ada', `${i}`)))
    t.strictSame(
      kept.flatMap(row => row?.key ?? []),
      ['7', '8', '9'],
    )
    t.ok(await outcomes.get('bob', 'k'))
  })

  t.test('a subject keeps the newest of so many bytes, and always the newest', async t => {
    const { outcomes } = await open(t)
    const keep = { count: 100, bytes: 1000 }
    const keys = async () => {
      const rows = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(key => outcomes.get('ada', key)))
      return rows.map(row => row?.key ?? '').join('')
    }
    await outcomes.put(anOutcome({ subject: 'bob' }), keep)
    await outcomes.put(anOutcome({ key: 'a', outcome: sized(100) }), keep)
    await outcomes.put(anOutcome({ key: 'b', outcome: sized(500) }), keep)
    await outcomes.put(anOutcome({ key: 'c', outcome: sized(499) }), keep)
    t.equal(await keys(), 'abc', 'after a come 999 bytes')
    await outcomes.put(anOutcome({ key: 'd', outcome: sized(501) }), keep)
    t.equal(await keys(), 'cd', 'after b come 1000 bytes')
    await outcomes.put(anOutcome({ key: 'e', outcome: sized(5000) }), keep)
    t.equal(await keys(), 'e')
    t.ok(await outcomes.get('bob', 'k'))
  })

  t.test('whatever comes in, an outcome stays until its subject has too many newer ones or bytes of them', async t => {
    const { outcomes } = await open(t)
    let run = 0
    const puts = fc.array(
      fc.record({ subject: fc.constantFrom('ada', 'bob'), bytes: fc.integer({ min: 20, max: 400 }) }),
    )
    const keep = fc.record({ count: fc.integer({ min: 1, max: 5 }), bytes: fc.integer({ min: 1, max: 1000 }) })
    await fc.assert(
      fc.asyncProperty(puts, keep, async (puts, keep) => {
        run++
        const rows = puts.map(({ subject, bytes }, i) =>
          anOutcome({ subject: `${subject} ${run}`, key: `${i}`, outcome: sized(bytes) }),
        )
        for (const row of rows) await outcomes.put(row, keep)
        for (const [i, { subject, key }] of rows.entries()) {
          const newer = puts.slice(i + 1).filter(put => put.subject === puts[i]?.subject)
          const newerBytes = newer.reduce((sum, { bytes }) => sum + bytes, 0)
          const kept = (await outcomes.get(subject, key)) !== undefined
          if (kept !== (newer.length < keep.count && newerBytes < keep.bytes)) return false
        }
        return true
      }),
    )
  })

  t.test('bytes are those of UTF-8', async t => {
    const { outcomes } = await open(t)
    const keep = { count: 100, bytes: 500 }
    await outcomes.put(anOutcome({ key: 'a' }), keep)
    await outcomes.put(anOutcome({ key: 'b', outcome: { result: '\u{1f6a2}'.repeat(125) } }), keep)
    t.equal(await outcomes.get('ada', 'a'), undefined)
  })

  t.test('old outcomes go, the oldest first, at most so many at once', async t => {
    const { outcomes, server } = await open(t)
    for (const createdAtMs of [3000, 1000, 4000, 2000]) {
      await outcomes.put(anOutcome({ key: `${createdAtMs}`, createdAtMs }), KEEP)
    }
    t.equal(await server.upkeep.expireOutcomes(3000, 2), 2)
    t.strictSame([await outcomes.get('ada', '1000'), await outcomes.get('ada', '2000')], [undefined, undefined])
    t.ok(await outcomes.get('ada', '3000'))
    t.equal(await server.upkeep.expireOutcomes(3000, 2), 1)
    t.equal(await outcomes.get('ada', '3000'), undefined)
    t.ok(await outcomes.get('ada', '4000'))
  })
}
