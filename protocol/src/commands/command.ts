import type { Static, TSchema } from '@sinclair/typebox'
import type { ErrorCode } from '../error-codes.js'

export const SCOPES = ['read', 'write', 'chat', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** `socket`: the command acts on its own connection, so it exists on the WebSocket only. */
export type Needs = 'socket' | 'nothing'

/** One row of the command table, from which everything else about a command is derived. */
export interface CommandRow<P extends TSchema = TSchema, R extends TSchema = TSchema, N extends Needs = Needs> {
  readonly description: string
  /** Scope the token must have; `none`: any accepted connection. */
  readonly scope: Scope | 'none'
  readonly needs: N
  /** Changes something, so it may carry an idempotency key. The result is then stored for a while, so it must hold no secret. */
  readonly mutating: boolean
  /** Tokens it takes from the rate limits; 1 is a look-up. */
  readonly cost: number
  /** Codes it may fail with, besides those that any command may. */
  readonly errors: readonly ErrorCode[]
  readonly params: P
  readonly result: R
  readonly example: { readonly params: Static<P>; readonly result: Static<R> }
}

type Defaulted = 'needs' | 'mutating' | 'cost' | 'errors'
type Written<P extends TSchema, R extends TSchema> = Omit<CommandRow<P, R>, Defaulted> & {
  readonly mutating?: boolean
  readonly cost?: number
  readonly errors?: readonly ErrorCode[]
}

/** Types a row by its schemas, so that the compiler checks its example. */
export const command = <P extends TSchema, R extends TSchema>(row: Written<P, R>): CommandRow<P, R, 'nothing'> => ({
  needs: 'nothing',
  mutating: false,
  cost: 1,
  errors: [],
  ...row,
})

/** The same for a command that needs the socket. */
export const socketCommand = <P extends TSchema, R extends TSchema>(
  row: Written<P, R>,
): CommandRow<P, R, 'socket'> => ({
  ...command(row),
  needs: 'socket',
})
