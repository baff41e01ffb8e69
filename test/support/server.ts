import { type App, startApp } from '@cuewire/server/app.js'
import { makeFolder } from '@cuewire/server/config/folders.js'
import { loadConfig } from '@cuewire/server/config/load.js'
import { createLogger } from '@cuewire/server/observability/logger.js'
import type { Logger } from 'pino'
import type { Test } from 'tap'
import { transportSetting } from './on-each-transport.js'
import { testFolder } from './test-folder.js'

/** A real server in this process, on a free port and in a fresh data folder; as a gateway it runs no jobs. It closes with the test. */
export async function startServer(
  t: Test,
  environment: Record<string, string> = {},
  /** @default one on standard error */
  logger?: Logger,
): Promise<App> {
  const config = loadConfig({
    CUEWIRE_PORT: '0',
    CUEWIRE_DATA_DIR: environment['CUEWIRE_DATA_DIR'] ?? testFolder(t),
    CUEWIRE_LOG_LEVEL: 'warn',
    CUEWIRE_CHECK_OUTPUT: 'true',
    CUEWIRE_DRAIN_MS: '2000',
    // Tests send thousands of commands in one go.
    CUEWIRE_COMMANDS_PER_SECOND: '1000000',
    CUEWIRE_COMMAND_BURST: '1000000',
    ...transportSetting(t),
    ...environment,
  })
  // As `cuewire serve` does.
  makeFolder('CUEWIRE_DATA_DIR', config.dataDir)
  const worker = config.role === 'gateway' ? 'elsewhere' : 'here'
  const app = await startApp(config, logger ?? createLogger(config.logLevel, 'gateway'), worker)
  t.teardown(() => app.close())
  return app
}
