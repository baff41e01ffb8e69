import type { CommandParams, CommandResult } from '@cuewire/protocol'

/** What the admin commands need from the server. */
export interface Admin {
  /** The connections of a tenant, oldest first. Throws `cursor.invalid`. */
  sessions(tenant: string, page: CommandParams<'admin.sessions'>): CommandResult<'admin.sessions'>
  stats(tenant: string): Promise<CommandResult<'admin.stats'>>
}
