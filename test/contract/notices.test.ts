import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryNotices } from '@cuewire/server/bus/memory-notices.js'
import type { Notice } from '@cuewire/server/bus/notices.js'
import { createSocketNotices } from '@cuewire/server/bus/socket-notices.js'
import type { Test } from 'tap'
import { type NoticesServerFactory, noticesContract, type Peer, sharedNoticesContract } from './notices.js'

const PEER = new URL('../support/notices-peer.js', import.meta.url)

async function spawnPeer(t: Test, dataDir: string): Promise<Peer> {
  const child = fork(PEER, [dataDir])
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  t.teardown(kill)
  await once(child, 'message')
  const heard: Notice[] = []
  child.on('message', notice => heard.push(notice as Notice))
  return {
    heard,
    send: notice => void child.send(notice),
    signal: name => void child.kill(name),
    kill,
  }
}

const sockets: NoticesServerFactory = t => {
  // A test may have several servers; its folder would be emptied for each.
  const dataDir = mkdtempSync(join(tmpdir(), 'cuewire-notices-'))
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }))
  return {
    async open() {
      const logger = { warn: (data: object) => t.fail('the others could not be looked for', data) }
      const notices = await createSocketNotices({ dataDir, logger })
      t.teardown(() => notices.close())
      return notices
    },
    spawn: () => spawnPeer(t, dataDir),
  }
}

noticesContract('memory', async () => createMemoryNotices())
noticesContract('sockets', t => sockets(t).open())
sharedNoticesContract('sockets', sockets)
