import { createHash, randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { readdir, rename, rm, rmdir } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryNotices } from './memory-notices.js'
import type { Notice, Notices } from './notices.js'

/** How often to look for other processes. */
const LOOK_MS = 500
/** Bytes queued for a process that does not read. Further notices are dropped. */
const MAX_WAITING = 1024 * 1024

interface SocketNoticesOptions {
  readonly dataDir: string
  readonly logger: { warn(data: object, message: string): void }
}

/**
 * Notices between the processes of a server on one machine. Each process listens on a Unix socket in a folder derived
 * from the data folder, and connects to the sockets of the others. One line of JSON is one notice.
 */
export async function createSocketNotices({ dataDir, logger }: SocketNoticesOptions): Promise<Notices> {
  const folder = socketFolder(dataDir)
  const name = `${randomUUID().slice(0, 8)}.sock`
  const here = createMemoryNotices()
  const peers = new Map<string, Socket>()
  const incoming = new Set<Socket>()
  let closing: Promise<void> | undefined
  const server = createServer(socket => {
    incoming.add(socket)
    socket.on('close', () => incoming.delete(socket)).on('error', () => undefined)
    receive(socket, notice => here.send(notice), logger)
  })
  // Renamed once it listens. Until then it looks like the socket of a dead process, which others remove.
  await listening(server, join(folder, `${name}.new`)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error
    // The last of the others has left and removed the folder.
    return listening(server, join(socketFolder(dataDir), `${name}.new`))
  })
  await rename(join(folder, `${name}.new`), join(folder, name))

  const look = async () => {
    for (const peer of await readdir(folder)) {
      if (closing || peer === name || peers.has(peer) || !peer.endsWith('.sock')) continue
      const path = join(folder, peer)
      const socket = connect(path)
      peers.set(peer, socket)
      socket.unref()
      socket.on('error', (error: NodeJS.ErrnoException) => {
        // Its process was killed before it could remove the socket.
        if (error.code === 'ECONNREFUSED') rm(path, { force: true }).catch(() => undefined)
      })
      socket.on('close', () => peers.delete(peer))
    }
  }
  await look()
  const timer = setInterval(() => {
    look().catch(
      (error: unknown) => closing || logger.warn({ err: error }, 'other processes of the server cannot be looked for'),
    )
  }, LOOK_MS)
  timer.unref()

  const leave = async () => {
    clearInterval(timer)
    for (const socket of [...peers.values(), ...incoming]) socket.destroy()
    await here.close()
    await new Promise(resolve => server.close(resolve))
    await rm(join(folder, name), { force: true })
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error
    })
  }
  return {
    send(notice) {
      if (closing) return
      here.send(notice)
      if (peers.size === 0) return
      const line = `${JSON.stringify(notice)}\n`
      for (const socket of peers.values()) if (socket.writableLength < MAX_WAITING) writeWithNext(socket, line)
    },
    listen: listener => here.listen(listener),
    close() {
      closing ??= leave()
      return closing
    },
  }
}

/** Writes what is sent in one go with one call of the system. */
function writeWithNext(socket: Socket, line: string): void {
  if (socket.writableCorked === 0) {
    socket.cork()
    process.nextTick(() => socket.uncork())
  }
  socket.write(line)
}

/** Not in the data folder: the path of a Unix socket may have only about a hundred bytes. */
function socketFolder(dataDir: string): string {
  const hash = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), `cuewire-${hash}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  // Another user may have created a folder with this name.
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    throw new Error(`${folder} belongs to another user or is accessible to others; remove it`)
  }
  return folder
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      server.unref()
      resolve()
    })
  })
}

function receive(socket: Socket, take: (notice: Notice) => void, logger: SocketNoticesOptions['logger']): void {
  socket.unref()
  let rest = ''
  // Not `node:readline`: on Node 24 it also splits lines at U+2028, which JSON does not escape.
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    // If the sender died, its last line may be incomplete.
    rest = lines.pop() ?? ''
    for (const notice of parsed(lines, socket, logger)) take(notice)
  })
}

function parsed(lines: readonly string[], socket: Socket, logger: SocketNoticesOptions['logger']): Notice[] {
  try {
    return lines.map(line => JSON.parse(line) as Notice)
  } catch (error) {
    logger.warn({ err: error }, 'another process sent something that is no notice, and was disconnected')
    socket.destroy()
    return []
  }
}
