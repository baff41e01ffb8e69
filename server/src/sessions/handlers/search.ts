import type { Handlers } from '../context.js'

export const searchHandlers: Pick<Handlers, 'search.query'> = {
  'search.query': async (params, { services }) => ({ hits: await services.search.query(params) }),
}
