import { type Logger, pino } from 'pino'

/** Structured log on standard error, one JSON object a line, with the role of the process: several share the output. */
export function createLogger(level: string, role: string): Logger {
  return pino(
    { level, base: { role }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
