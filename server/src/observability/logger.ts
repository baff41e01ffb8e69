import { type Logger, pino } from 'pino'

/** Structured log on standard error, one JSON object a line. */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
