import { STATUS_CODES } from 'node:http'

/** Reason phrase of each HTTP status. */
export const STATUS_TEXT: Readonly<Record<number, string | undefined>> = STATUS_CODES
