import type { Duplex } from 'node:stream'

/**
 * The last request of each connection: it has no reply yet; its reply is on its way; or nothing more is read, as the
 * connection closes after the reply. No entry: there is none, or all of its reply is out.
 */
export type ConnectionStates = WeakMap<Duplex, 'unanswered' | 'answered' | 'closing'>
