import { statfs } from 'node:fs/promises'
import { AppError } from '../lib/app-error.js'
import type { HealthCheck } from './health.js'

/** Bytes that uploads leave free for the database, the audio of jobs and pictures. */
export const DISK_RESERVE_BYTES = 64 * 1024 * 1024

/** Checks that the disk of a folder has this much room left. */
export function diskCheck(folder: string, reserveBytes = DISK_RESERVE_BYTES): HealthCheck {
  return {
    name: 'disk',
    check: async () => {
      const { bavail, bsize } = await statfs(folder)
      const free = `${inMiB(bavail * bsize)} MiB free`
      if (bavail * bsize >= reserveBytes) return free
      throw new AppError('server.disk_full', `${free} in CUEWIRE_DATA_DIR; it takes at least ${inMiB(reserveBytes)}.`)
    },
  }
}

const inMiB = (bytes: number) => Math.floor(bytes / 1024 / 1024)
