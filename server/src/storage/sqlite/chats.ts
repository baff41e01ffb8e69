import type { ChatMessage, Id } from '@cuewire/protocol'
import { sql } from 'kysely'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import { CHAT, MESSAGE } from '../readers.js'
import { fromChat, fromMessage } from '../rows.js'
import type { ChatStore } from '../store.js'
import { inTransaction } from './in-transaction.js'
import type { TenantDb } from './tenant-db.js'

/** Chats and their messages in SQLite. */
export function createSqliteChats({ db, tenant, damaged, processes }: TenantDb): ChatStore {
  const answering = ({ state }: ChatMessage) => (state === 'answering' ? processes.id : null)
  const next = (chatId: Id) =>
    sql<number>`(select coalesce(max(position), 0) + 1 from messages where tenant = ${tenant} and chat_id = ${chatId})`

  return {
    async insert(chat) {
      await db
        .insertInto('chats')
        .values({ tenant, ...fromChat(chat) })
        .execute()
    },

    async get(id) {
      const row = await db
        .selectFrom('chats')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && damaged.read(CHAT, row)
    },

    async has(id) {
      const row = await db
        .selectFrom('chats')
        .select('id')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row !== undefined
    },

    async list({ limit, cursor }) {
      let query = db.selectFrom('chats').selectAll().where('tenant', '=', tenant)
      if (cursor !== undefined) {
        const [updatedAt, id] = decodeCursor('chats', ['string', 'string'], cursor)
        query = query.where(sql<boolean>`(updated_at, id) < (${updatedAt}, ${id})`)
      }
      const rows = await query
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, {
        item: row => damaged.readIfWhole(CHAT, row),
        cursor: row => encodeCursor('chats', [row.updated_at, row.id]),
      })
    },

    async remove(id) {
      const { numDeletedRows } = await db
        .deleteFrom('chats')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    addMessages: messages =>
      inTransaction(db, async trx => {
        for (const message of messages) {
          const row = {
            tenant,
            position: next(message.chatId),
            answering_by: answering(message),
            ...fromMessage(message),
          }
          await trx.insertInto('messages').values(row).execute()
          await trx
            .updateTable('chats')
            .set({ updated_at: sql<string>`max(updated_at, ${message.createdAt})` })
            .where('tenant', '=', tenant)
            .where('id', '=', message.chatId)
            .execute()
        }
      }),

    async updateMessage(message) {
      const { id, chat_id, created_at, ...changed } = fromMessage(message)
      await db
        .updateTable('messages')
        .set({ ...changed, answering_by: answering(message) })
        .where('tenant', '=', tenant)
        .where('chat_id', '=', chat_id)
        .where('id', '=', id)
        .execute()
    },

    async messages(chatId, { limit, cursor }) {
      const list = `messages/${chatId}`
      let query = db.selectFrom('messages').selectAll().where('tenant', '=', tenant).where('chat_id', '=', chatId)
      if (cursor !== undefined) {
        const [position] = decodeCursor(list, ['number'], cursor)
        query = query.where(sql<boolean>`position > ${position}`)
      }
      const rows = await query
        .orderBy('position')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, {
        item: row => damaged.readIfWhole(MESSAGE, row),
        cursor: row => encodeCursor(list, [row.position]),
      })
    },

    async latestMessages(chatId, count) {
      const rows = await db
        .selectFrom('messages')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('chat_id', '=', chatId)
        .orderBy('position', 'desc')
        .limit(count)
        .execute()
      return damaged.readWhole(MESSAGE, rows.reverse())
    },
  }
}
