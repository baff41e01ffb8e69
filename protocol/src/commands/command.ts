import type { Static, TSchema } from '@sinclair/typebox'

export const SCOPES = ['read', 'write', 'chat', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** One row of the command table: everything that is derived for a command is derived from here. */
export interface CommandRow<P extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly description: string
  readonly scope: Scope
  /** Changes something, so it may carry an idempotency key. */
  readonly mutating: boolean
  readonly params: P
  readonly result: R
  readonly example: { readonly params: Static<P>; readonly result: Static<R> }
}

/** Types a row by its schemas, so that its example is checked by the compiler. */
export const command = <P extends TSchema, R extends TSchema>(
  row: Omit<CommandRow<P, R>, 'mutating'> & { mutating?: boolean },
): CommandRow<P, R> => ({ mutating: false, ...row })
