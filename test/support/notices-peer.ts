import { argv } from 'node:process'
import type { Notice } from '@cuewire/server/bus/notices.js'
import { createSocketNotices } from '@cuewire/server/bus/socket-notices.js'

// A process of the server with the data folder given: sends the notices of its parent, and tells it of those it hears.

const [, , dataDir = ''] = argv
const notices = await createSocketNotices({ dataDir, logger: { warn: data => process.send?.(data) } })
notices.listen(notice => process.send?.(notice))
process.on('message', notice => notices.send(notice as Notice))
process.send?.('ready')
