import { cli } from './cli/cli.js'

await cli(process.argv)
