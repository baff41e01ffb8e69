import { type Logger, pino } from 'pino'

/**
 * Structured log on standard error, one JSON object per line. Includes the role, because several processes share the
 * output.
 */
export function createLogger(level: string, role: string): Logger {
  return pino(
    { level, base: { role }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
