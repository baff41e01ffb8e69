import { AppError } from '../lib/app-error.js'
import type { Admin } from './admin.js'
import type { SessionCounters } from './counters.js'
import type { Session } from './session.js'
import type { Tenants } from './tenants.js'

const DEFAULT_PAGE_SIZE = 50

interface ServerAdminOptions {
  readonly sessions: () => Iterable<Session>
  readonly tenants: Tenants
  readonly counters: SessionCounters
  readonly queuedBytes: () => number
}

/** Answers the admin commands. Sessions and jobs are those of the asker's tenant, counters those of the server. */
export function createServerAdmin({ sessions, tenants, counters, queuedBytes }: ServerAdminOptions): Admin {
  const ofTenant = (tenant: string) => [...sessions()].filter(session => session.principal.tenant === tenant)

  return {
    sessions(tenant, { limit = DEFAULT_PAGE_SIZE, cursor = '' }) {
      if (cursor !== '' && !/^[0-9A-Z]{26}$/.test(cursor)) {
        throw new AppError('cursor.invalid', 'The cursor is not one of admin.sessions.')
      }
      // Ids are ULIDs, so their order is that of opening.
      const after = ofTenant(tenant).filter(session => session.id > cursor)
      const page = after.slice(0, limit)
      const last = page.at(-1)
      return {
        sessions: page.map(session => session.describe()),
        ...(last && after.length > page.length && { nextCursor: last.id }),
      }
    },

    async stats(tenant) {
      const { commands, errors, closed } = counters
      return {
        uptimeMs: Math.round(process.uptime() * 1000),
        rssBytes: process.memoryUsage.rss(),
        connections: ofTenant(tenant).length,
        queuedBytes: queuedBytes(),
        jobsQueued: (await tenants.opened(tenant)?.services.store.jobs.countQueued()) ?? 0,
        commands: { ...commands },
        errors: { ...errors },
        closes: { ...closed },
        frames: counters.frames(sessions()),
      }
    },
  }
}
