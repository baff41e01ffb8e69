import { Command } from 'commander'
import type { Logger } from 'pino'
import { makeFolder } from '../config/folders.js'
import type { Options } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { PROCESS_ID } from '../lib/process-id.js'
import { createLogger } from '../observability/logger.js'
import { announce } from './announce.js'
import { readSettings } from './settings.js'

/** `cuewire serve`: runs until SIGTERM or SIGINT, then drains; a second signal ends it at once. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Runs the server.')
    .option('--host <address>', 'address to listen on, in place of CUEWIRE_HOST')
    .option('--port <number>', 'port to listen on, in place of CUEWIRE_PORT')
    .option('--data-dir <folder>', 'folder of the database and the videos, in place of CUEWIRE_DATA_DIR')
    .option('--role <role>', 'gateway, worker or all, in place of CUEWIRE_ROLE')
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
  // uWebSockets.js cannot exchange the certificate of an open port, so renewal is a restart; without this line the signal would kill.
  process.on('SIGHUP', () => logger.warn('settings and certificates are read at start only: restart the server'))
  if (config.role !== 'worker') return await serveClients(config, logger)
  await (isChild ? runJobs(config, logger) : superviseJobs(config, logger))
}

/** Who writes a line of the log, where more than one process does. */
function roleOf({ role }: Config, isChild: boolean): string {
  if (role !== 'worker') return 'gateway'
  return isChild ? 'worker' : 'supervisor'
}

async function serveClients(config: Config, logger: Logger): Promise<void> {
  // Loaded here, as it takes longer than everything else that `cuewire` does.
  const { startApp } = await import('../app.js')
  const app = await startApp(config, logger, config.role === 'gateway' ? 'elsewhere' : 'process')
  const end = endOnce(() => app.close(), logger)
  const stop = (signal: NodeJS.Signals) => {
    if (end(signal)) return
    logger.warn({ signal }, 'stopping at once')
    process.exit(130)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const { parts } = await app.readiness()
  announce({ config, port: app.port, transport: app.transport, parts }, logger)
}

/** Runs a worker in a child process, and starts another when it dies. */
async function superviseJobs(config: Config, logger: Logger): Promise<void> {
  const { superviseWorker } = await import('../worker.js')
  const worker = await superviseWorker(config, logger)
  const end = endOnce(() => worker.close(), logger)
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

/** What runs jobs, as the child of a gateway or of `serve --role worker`. */
async function runJobs(config: Config, logger: Logger): Promise<void> {
  const orphaned = new Promise<void>(resolve => process.once('disconnect', resolve))
  const { runWorker } = await import('../worker.js')
  // The parent counts a crash against the jobs of this owner. One that is gone is seen below.
  process.send?.(PROCESS_ID, undefined, undefined, () => undefined)
  const worker = await runWorker(config, logger)
  const end = endOnce(() => worker.close(), logger)
  process.on('SIGTERM', end)
  // Ctrl-C in a terminal is for the parent, which then ends its worker in order.
  process.on('SIGINT', signal => void (process.connected || end(signal)))
  // The parent is gone, since a moment ago or since before anybody listened.
  orphaned.then(() => end('SIGTERM'))
  if (process.connected === false) end('SIGTERM')
  logger.info('the worker is ready')
}

/** Ends the process in order, the first time that it is asked; false when it is ending already. */
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
