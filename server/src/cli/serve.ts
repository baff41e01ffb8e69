import { Command } from 'commander'
import { startApp } from '../app.js'
import { ConfigError, loadConfig } from '../config/load.js'
import { createLogger } from '../observability/logger.js'

/** Exit codes: 78 is EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78

/** `cuewire serve`: runs until SIGTERM or SIGINT, then drains; a second signal ends it at once. */
export function serveCommand(): Command {
  return new Command('serve').description('Runs the server; settings come from the environment.').action(serve)
}

async function serve(): Promise<void> {
  const config = configOrExit()
  const logger = createLogger(config.logLevel)
  process.on('uncaughtException', error => {
    logger.fatal({ err: error }, 'uncaught exception')
    process.exit(1)
  })
  const app = await startApp(config, logger)
  console.log(`Cuewire is ready: ws://${config.host}:${app.port}/v1/socket`)

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
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function configOrExit(): ReturnType<typeof loadConfig> {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(EXIT_CONFIG)
  }
}
