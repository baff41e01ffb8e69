import { decodeText, serveUwsEcho } from './uws-echo.js'

serveUwsEcho(message => JSON.stringify(JSON.parse(decodeText(message))))
