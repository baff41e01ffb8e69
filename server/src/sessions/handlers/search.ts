import type { Handlers } from '../context.js'

export const searchHandlers: Pick<Handlers, 'search.query'> = {
  'search.query': (params, { services }) => services.search.query(params),
}
