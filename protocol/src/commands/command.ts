import type { Static, TSchema } from '@sinclair/typebox'

export const SCOPES = ['read', 'write', 'chat', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** `socket`: the command acts on the connection it comes on, so it exists on the WebSocket only. */
export type Needs = 'socket' | 'nothing'

/** One row of the command table: everything that is derived for a command is derived from here. */
export interface CommandRow<P extends TSchema = TSchema, R extends TSchema = TSchema, N extends Needs = Needs> {
  readonly description: string
  /** What the token must allow; `none`: any accepted connection. */
  readonly scope: Scope | 'none'
  readonly needs: N
  /** Changes something, so it may carry an idempotency key. The result is then stored for a while: no secret goes in it. */
  readonly mutating: boolean
  /** Tokens it takes from the rate limits; 1 is a look-up. */
  readonly cost: number
  readonly params: P
  readonly result: R
  readonly example: { readonly params: Static<P>; readonly result: Static<R> }
}

type Defaulted = 'needs' | 'mutating' | 'cost'
type Written<P extends TSchema, R extends TSchema> = Omit<CommandRow<P, R>, Defaulted> & {
  readonly mutating?: boolean
  readonly cost?: number
}

/** Types a row by its schemas, so that its example is checked by the compiler. */
export const command = <P extends TSchema, R extends TSchema>(row: Written<P, R>): CommandRow<P, R, 'nothing'> => ({
  needs: 'nothing',
  mutating: false,
  cost: 1,
  ...row,
})

/** The same for a command that needs the socket. */
export const socketCommand = <P extends TSchema, R extends TSchema>(
  row: Written<P, R>,
): CommandRow<P, R, 'socket'> => ({
  ...command(row),
  needs: 'socket',
})
