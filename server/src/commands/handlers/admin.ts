import type { Handlers } from '../handler.js'

export const adminHandlers: Pick<Handlers, 'admin.sessions' | 'admin.stats'> = {
  'admin.sessions': (params, { admin, tenant }) => admin.sessions(tenant, params),
  'admin.stats': (_params, { admin, tenant }) => admin.stats(tenant),
}
