import { Command } from 'commander'
import type { Logger } from 'pino'
import { makeFolder } from '../config/folders.js'
import type { Options } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { makeAhead } from '../lib/lazy.js'
import { PROCESS_ID } from '../lib/process-id.js'
import { createLogger } from '../observability/logger.js'
import { announce } from './announce.js'
import { readSettings } from './settings.js'

/** Ctrl-C reaches a whole process group, and a parent may then send SIGTERM: so close together the two are one wish. */
const ONE_WISH_MS = 500

/** `cuewire serve`: runs until SIGTERM or SIGINT, then drains. A second signal exits at once. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Runs the server.')
    .option('--host <address>', 'address to listen on, instead of CUEWIRE_HOST')
    .option('--port <number>', 'port to listen on, instead of CUEWIRE_PORT')
    .option('--data-dir <folder>', 'folder of the database and the videos, instead of CUEWIRE_DATA_DIR')
    .option('--role <role>', 'gateway, worker or all, instead of CUEWIRE_ROLE')
    .action(serve)
}

async function serve(options: Pick<Options, 'host' | 'port' | 'dataDir' | 'role'>): Promise<void> {
  const config = readSettings(options)
  makeFolder('CUEWIRE_DATA_DIR', config.dataDir)
  const isChild = process.send !== undefined
  const logger = createLogger(config.logLevel, roleOf(config, isChild))
  process.on('uncaughtException', error => {
    logger.fatal({ err: error }, 'uncaught exception')
    process.exit(1)
  })
  // uWebSockets.js cannot replace the certificate of an open port, so a renewal needs a restart. Without this handler,
  // SIGHUP would end the process.
  process.on('SIGHUP', () => logger.warn('settings and certificates are read at start only: restart the server'))
  if (config.role !== 'worker') return await serveClients(config, logger)
  await (isChild ? runJobs(config, logger) : superviseJobs(config, logger))
}

/** The role to log, if several processes write to the same log. */
function roleOf({ role }: Config, isChild: boolean): string {
  if (role !== 'worker') return 'gateway'
  return isChild ? 'worker' : 'supervisor'
}

async function serveClients(config: Config, logger: Logger): Promise<void> {
  // Loaded on demand: it takes longer than everything else in `cuewire`.
  const { startApp } = await import('../app.js')
  const app = await startApp(config, logger, config.role === 'gateway' ? 'elsewhere' : 'process')
  const end = endOnce(() => app.close(), logger)
  let asked: { readonly signal: NodeJS.Signals; readonly at: number } | undefined
  const stop = (signal: NodeJS.Signals) => {
    const at = performance.now()
    if (end(signal)) {
      asked = { signal, at }
      return
    }
    if (asked && asked.signal !== signal && at - asked.at < ONE_WISH_MS) return
    logger.warn({ signal }, 'stopping at once')
    process.exit(130)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const { parts } = await app.readiness()
  announce({ config, port: app.port, transport: app.transport, parts }, logger)
  await makeAhead()
}

/** Runs a worker in a child process, and starts another when it dies. */
async function superviseJobs(config: Config, logger: Logger): Promise<void> {
  const { superviseWorker } = await import('../worker.js')
  const worker = await superviseWorker(config, logger)
  const end = endOnce(() => worker.close(), logger)
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

/** Runs jobs as the child of a gateway or of `serve --role worker`. */
async function runJobs(config: Config, logger: Logger): Promise<void> {
  const orphaned = new Promise<void>(resolve => process.once('disconnect', resolve))
  const { runWorker } = await import('../worker.js')
  // The parent needs this id to count a crash against the jobs of this worker. If the parent is gone, the check below
  // notices.
  process.send?.(PROCESS_ID, undefined, undefined, () => undefined)
  const worker = await runWorker(config, logger)
  const end = endOnce(() => worker.close(), logger)
  process.on('SIGTERM', end)
  // Ctrl-C reaches the whole process group. The parent handles it and then stops its worker.
  process.on('SIGINT', signal => void (process.connected || end(signal)))
  // The parent is gone. It may have exited before the listener was added.
  orphaned.then(() => end('SIGTERM'))
  if (process.connected === false) end('SIGTERM')
  logger.info('the worker is ready')
}

/** Shuts the process down the first time it is called; returns false if it is already shutting down. */
function endOnce(close: () => Promise<void>, logger: Logger): (signal: NodeJS.Signals) => boolean {
  let isEnding = false
  return signal => {
    if (isEnding) return false
    isEnding = true
    logger.info({ signal }, 'draining')
    close().then(
      () => {
        logger.info('stopped')
        process.exit(0)
      },
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed')
        process.exit(1)
      },
    )
    return true
  }
}
