import type { EventData, EventName, Topic } from '@cuewire/protocol'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { Database, type DatabaseConnection } from '@cuewire/server/storage/sqlite/driver.js'

export interface Logged<N extends EventName = EventName> {
  readonly topic: Topic
  readonly type: N
  readonly data: EventData<N>
}

/** Reads the events a store logs, in order, behind its back: without waiting, so that a test sees what is there now. */
export class EventReader {
  readonly #database: DatabaseConnection
  #seen = 0

  constructor(file: string) {
    this.#database = new Database(file, { readonly: true })
  }

  /** Those that came since the last call. */
  next(): Logged[] {
    const rows = this.#database.prepare('select id, frame from events where id > ? order by id').all(this.#seen)
    return (rows as { id: number; frame: Buffer }[]).map(({ id, frame }) => {
      this.#seen = id
      return JSON.parse(frame.toString()) as Logged
    })
  }

  close(): void {
    this.#database.close()
  }
}

/** Calls back for every event of a store from now on, in order. */
export function onLogged(store: ServerStore, reader: EventReader, hear: (event: Logged) => void): void {
  reader.next()
  store.log.onAppended(() => {
    for (const event of reader.next()) hear(event)
  })
}
