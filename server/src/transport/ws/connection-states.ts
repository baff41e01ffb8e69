import type { Duplex } from 'node:stream'

/**
 * State of the last request on each connection: no reply yet; reply in progress; or closing, with nothing more to read.
 * No entry: no request yet, or its reply is complete.
 */
export type ConnectionStates = WeakMap<Duplex, 'unanswered' | 'answered' | 'closing'>
