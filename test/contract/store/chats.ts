import type { Chat } from '@cuewire/protocol'
import type { Test } from 'tap'
import { aMessage, at, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'

const aChat = (change: Partial<Chat> = {}): Chat => ({
  id: newId(),
  title: 'Harbour',
  videoIds: [newId()],
  createdAt: at(0),
  updatedAt: at(0),
  ...change,
})

/** What every ChatStore must do. */
export async function chatContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('a chat comes back as it was put in, until it is removed with its messages', async t => {
    const { chats } = await open(t)
    const chat = aChat()
    await chats.insert(chat)
    await chats.addMessages([aMessage(chat.id, { createdAt: at(0) })])
    t.strictSame(await chats.get(chat.id), chat)
    t.equal(await chats.remove(chat.id), true)
    t.equal(await chats.get(chat.id), undefined)
    t.strictSame((await chats.messages(chat.id, { limit: 5 })).items, [])
    t.equal(await chats.remove(chat.id), false)
  })

  t.test('the chat used last comes first', async t => {
    const { chats } = await open(t)
    const made = [aChat({ updatedAt: at(1) }), aChat({ updatedAt: at(2) }), aChat({ updatedAt: at(3) })]
    for (const chat of made) await chats.insert(chat)
    const [a, b, c] = made.map(chat => chat.id)
    await chats.addMessages([aMessage(a ?? '', { createdAt: at(9) })])
    t.equal((await chats.get(a ?? ''))?.updatedAt, at(9))
    const first = await chats.list({ limit: 2 })
    t.strictSame(
      first.items.map(chat => chat.id),
      [a, c],
    )
    const rest = await chats.list({ limit: 2, cursor: first.next })
    t.strictSame([rest.items.map(chat => chat.id), rest.next], [[b], undefined])
  })

  t.test('messages keep the order in which they were added, page by page and from the end', async t => {
    const { chats } = await open(t)
    const chat = aChat()
    await chats.insert(chat)
    const made = Array.from({ length: 5 }, (_, i) => aMessage(chat.id, { text: `${i}`, createdAt: at(5 - i) }))
    await chats.addMessages(made.slice(0, 2))
    await chats.addMessages(made.slice(2))
    const first = await chats.messages(chat.id, { limit: 3 })
    t.strictSame(first.items, made.slice(0, 3))
    const rest = await chats.messages(chat.id, { limit: 3, cursor: first.next })
    t.strictSame([rest.items, rest.next], [made.slice(3), undefined])
    t.strictSame(await chats.latestMessages(chat.id, 2), made.slice(3))
    t.strictSame(await chats.latestMessages(newId(), 2), [])
  })

  t.test('messages of a chat that is gone are refused, all of them', async t => {
    const { chats } = await open(t)
    const chat = aChat()
    await chats.insert(chat)
    await t.rejects(chats.addMessages([aMessage(chat.id), aMessage(newId())]))
    t.strictSame((await chats.messages(chat.id, { limit: 5 })).items, [])
  })

  t.test('an answer grows in place', async t => {
    const { chats } = await open(t)
    const chat = aChat()
    await chats.insert(chat)
    const answer = aMessage(chat.id, { role: 'assistant', text: '', state: 'answering' })
    await chats.addMessages([answer])
    const citation = { number: 1, modality: 'transcript', videoId: newId(), start: 1, end: 2, quote: 'Yes.' } as const
    const done = {
      ...answer,
      text: 'Yes. [1]',
      state: 'completed',
      citations: [citation],
      confidence: 'high',
      abstained: false,
    } as const
    await chats.updateMessage({ ...done, citations: [citation] })
    t.strictSame((await chats.messages(chat.id, { limit: 5 })).items, [done])
  })

  t.test('answers that a dead process left unfinished are told', async t => {
    const { chats, server, tenant } = await open(t)
    const chat = aChat()
    await chats.insert(chat)
    const answering = aMessage(chat.id, { role: 'assistant', state: 'answering', text: 'Half' })
    await chats.addMessages([aMessage(chat.id), answering])
    t.strictSame(await server.upkeep.unfinishedAnswers(), [{ tenant, message: answering }])
    await chats.updateMessage({ ...answering, state: 'failed' })
    t.strictSame(await server.upkeep.unfinishedAnswers(), [])
  })
}
