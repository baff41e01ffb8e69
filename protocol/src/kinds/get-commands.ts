import {
  type Static,
  type TArray,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  Type,
} from '@sinclair/typebox'
import { type CommandRow, command } from '../commands/command.js'
import { VIDEO_ID } from '../examples.js'
import { Cursor, Id, Label, object, PageLimit, Seconds } from '../primitives.js'
import { type AnyKind, KIND_NAMES, KINDS, type KindName, kindOf } from './table.js'

const page = {
  videoId: Id,
  start: Type.Optional(Seconds),
  end: Type.Optional(Seconds),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
}
const labelled = { ...page, label: Type.Optional(Label) }

type Row<K extends KindName> = (typeof KINDS)[K]
type Params<K extends KindName> = TObject<Row<K> extends { readonly labels: unknown } ? typeof labelled : typeof page>
type Reply<Item extends TSchema, Field extends string> = TObject<
  { [F in Field]: TArray<Item> } & { nextCursor: TOptional<typeof Cursor> }
>

/** `<kind>.get` of every kind: its items in order, page by page. */
export type GetCommands = {
  [K in KindName as Row<K>['get']]: CommandRow<Params<K>, Reply<Row<K>['item'], Row<K>['field']>, 'nothing'>
}

export const getCommands = Object.fromEntries(
  KIND_NAMES.map(name => [KINDS[name].get, getCommand(kindOf(name))]),
) as unknown as GetCommands

function getCommand({ description, item, field, labels, example }: AnyKind) {
  const params = object<TProperties>(labels === undefined ? page : labelled)
  const result = object<TProperties>({ [field]: Type.Array(item), nextCursor: Type.Optional(Cursor) })
  return command({
    description: `${description} With \`start\` or \`end\`, only what overlaps that span.`,
    scope: 'read',
    errors: ['video.not_found', 'cursor.invalid', 'record.damaged'],
    params,
    result,
    example: { params: { videoId: VIDEO_ID }, result: { [field]: [example] } as Static<typeof result> },
  })
}
