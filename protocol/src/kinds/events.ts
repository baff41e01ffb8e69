import { type TArray, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { type EventRow, event } from '../events/event.js'
import { VIDEO_ID } from '../examples.js'
import { Id, object } from '../primitives.js'
import type { KindEvent } from './kind.js'
import { type AnyKind, KIND_NAMES, type KINDS, type KindName, kindOf } from './table.js'

/** Most items of one event, unless the kind sets its own number. */
const MOST = 200

type Row<K extends KindName> = (typeof KINDS)[K]
type Told = { [K in KindName]: Row<K> extends { readonly event: unknown } ? K : never }[KindName]
type EventOf<K extends Told> = Row<K>['event']
type Data<E, Item extends TSchema, Field extends string> = TObject<
  { videoId: typeof Id } & (E extends { readonly one: infer One extends string }
    ? { [F in One]: Item }
    : { [F in Field]: TArray<Item> })
>

/** The live event of every kind that has one. */
export type KindEvents = {
  [K in Told as EventOf<K>['name']]: EventRow<Data<EventOf<K>, Row<K>['item'], Row<K>['field']>>
}

const rows = KIND_NAMES.map(kindOf)

export const kindEvents = Object.fromEntries(
  rows.flatMap(row => (row.event ? [[row.event.name, kindEvent(row, row.event)]] : [])),
) as unknown as KindEvents

function kindEvent({ item, field, example }: AnyKind, { topic, description, one, most = MOST }: KindEvent<unknown>) {
  const items: TProperties = one ? { [one]: item } : { [field]: Type.Array(item, { maxItems: most }) }
  return event({
    description,
    delivery: 'reliable',
    topics: [topic],
    data: object<TProperties>({ videoId: Id, ...items }),
    example: { videoId: VIDEO_ID, ...(one ? { [one]: example } : { [field]: [example] }) },
  })
}

/** A live event of a kind, to publish on a topic of the video. */
export interface ToldItems {
  readonly topic: 'video' | 'visual'
  readonly type: keyof KindEvents
  readonly data: Readonly<Record<string, unknown>>
}

/** The events that announce items of a kind to subscribers of the video. */
export function eventsOf(name: KindName, videoId: Id, items: readonly unknown[]): ToldItems[] {
  const { event, field } = kindOf(name)
  if (!event) return []
  const { topic, one, whole, most = MOST, tells = () => true } = event
  const type = event.name as keyof KindEvents
  const told = items.filter(tells)
  if (one) return told.map(item => ({ topic, type, data: { videoId, [one]: item } }))
  const batches: ToldItems[] = []
  for (let at = 0; at < told.length || (whole && at === 0); at += most)
    batches.push({ topic, type, data: { videoId, [field]: told.slice(at, at + most) } })
  return batches
}
