import { serveUwsEcho } from './uws-echo.js'

serveUwsEcho(message => JSON.stringify(JSON.parse(Buffer.from(message).toString())))
