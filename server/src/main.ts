import { cli } from './cli/cli.js'

try {
  await cli(process.argv)
} catch (error) {
  // A command that failed: the reason for the person who typed it, and a code for scripts.
  console.error(`cuewire: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
