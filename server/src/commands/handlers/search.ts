import type { Handlers } from '../handler.js'

export const searchHandlers: Pick<Handlers, 'search.query'> = {
  'search.query': (params, { services }) => services.search.query(params),
}
