import type { Static, TSchema } from '@sinclair/typebox'

export const SCOPES = ['read', 'write', 'chat', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** One row of the command table: everything that is derived for a command is derived from here. */
export interface CommandRow<P extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly description: string
  /** What the token must allow; `none`: any accepted connection. */
  readonly scope: Scope | 'none'
  /** Changes something, so it may carry an idempotency key. The result is then stored for a while: no secret goes in it. */
  readonly mutating: boolean
  /** Tokens it takes from the rate limits; 1 is a look-up. */
  readonly cost: number
  readonly params: P
  readonly result: R
  readonly example: { readonly params: Static<P>; readonly result: Static<R> }
}

/** Types a row by its schemas, so that its example is checked by the compiler. */
export const command = <P extends TSchema, R extends TSchema>(
  row: Omit<CommandRow<P, R>, 'mutating' | 'cost'> & { mutating?: boolean; cost?: number },
): CommandRow<P, R> => ({ mutating: false, cost: 1, ...row })
