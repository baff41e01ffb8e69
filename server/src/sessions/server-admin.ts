import type { Admin } from '../commands/admin.js'
import { AppError } from '../lib/app-error.js'
import type { Session } from './session.js'
import type { Tenants } from './tenants.js'

const DEFAULT_PAGE_SIZE = 50

interface ServerAdminOptions {
  readonly sessions: () => Iterable<Session>
  readonly tenants: Tenants
}

/**
 * Answers the admin commands. All numbers are those of the caller's tenant, except the uptime and memory of the server.
 */
export function createServerAdmin({ sessions, tenants }: ServerAdminOptions): Admin {
  const ofTenant = (tenant: string) => [...sessions()].filter(session => session.principal.tenant === tenant)

  return {
    sessions(tenant, { limit = DEFAULT_PAGE_SIZE, cursor = '' }) {
      if (cursor !== '' && !/^[0-9A-Z]{26}$/.test(cursor)) {
        throw new AppError(
          'cursor.invalid',
          'The cursor is not from admin.sessions; use the nextCursor of the page before, or leave it out.',
        )
      }
      // Ids are ULIDs, so they sort by opening time.
      const after = ofTenant(tenant).filter(session => session.id > cursor)
      const page = after.slice(0, limit)
      const last = page.at(-1)
      return {
        sessions: page.map(session => session.describe()),
        ...(last && after.length > page.length && { nextCursor: last.id }),
      }
    },

    async stats(name) {
      const { services, counters } = tenants.of(name)
      const open = ofTenant(name)
      const { commands, errors, closed, frames, receivedBytes, sentBytes } = counters
      return {
        uptimeMs: Math.round(process.uptime() * 1000),
        rssBytes: process.memoryUsage.rss(),
        connections: open.length,
        queuedBytes: open.reduce((bytes, session) => bytes + session.queuedBytes, 0),
        jobsQueued: await services.store.jobs.countQueued(),
        receivedBytes,
        sentBytes,
        commands: { ...commands },
        errors: { ...errors },
        closes: { ...closed },
        frames: { ...frames },
        damagedRecords: { ...services.store.damaged },
      }
    },
  }
}
