import { Command } from 'commander'
import { startApp } from '../app.js'
import { createLogger } from '../observability/logger.js'
import { readSettings } from './settings.js'

/** `cuewire serve`: runs until SIGTERM or SIGINT, then drains; a second signal ends it at once. */
export function serveCommand(): Command {
  return new Command('serve').description('Runs the server; settings come from the environment.').action(serve)
}

async function serve(): Promise<void> {
  const config = readSettings()
  const logger = createLogger(config.logLevel)
  process.on('uncaughtException', error => {
    logger.fatal({ err: error }, 'uncaught exception')
    process.exit(1)
  })
  const app = await startApp(config, logger)
  console.log(`Cuewire is ready: ${config.tlsCertFile ? 'wss' : 'ws'}://${config.host}:${app.port}/v1/socket`)

  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn({ signal }, 'stopping at once')
      process.exit(130)
    }
    stopping = true
    logger.info({ signal }, 'draining')
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed')
        process.exit(1)
      },
    )
  }
  // uWS cannot exchange the certificate of an open port, so renewal is a restart; without this line the signal would kill.
  process.on('SIGHUP', () => logger.warn('settings and certificates are read at start only: restart the server'))
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
