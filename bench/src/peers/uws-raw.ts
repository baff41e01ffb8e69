import { serveUwsEcho } from './uws-echo.js'

// No JSON at all: as fast as a server can be here, which shows what the load generator can do.
serveUwsEcho(message => message)
