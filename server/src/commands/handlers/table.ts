import type { Handlers } from '../handler.js'
import { adminHandlers } from './admin.js'
import { chatHandlers } from './chat.js'
import { contentHandlers } from './content.js'
import { libraryHandlers } from './library.js'
import { processingHandlers } from './processing.js'
import { searchHandlers } from './search.js'
import { sessionHandlers } from './session.js'

export const handlers = {
  ...sessionHandlers,
  ...libraryHandlers,
  ...processingHandlers,
  ...contentHandlers,
  ...searchHandlers,
  ...chatHandlers,
  ...adminHandlers,
} satisfies Handlers
