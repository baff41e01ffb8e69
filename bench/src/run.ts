import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { errorMessage } from '@cuewire/server/lib/error-message.js'
import { readEnvironment } from './lib/environment.js'
import { type Goal, goalsText } from './lib/goal.js'
import { isPeerName, PEER_NAMES } from './peers/peers.js'
import { report } from './report.js'
import { chat } from './scenarios/chat.js'
import { connect } from './scenarios/connect.js'
import { dispatch } from './scenarios/dispatch.js'
import { fanout } from './scenarios/fanout.js'
import { grammars } from './scenarios/grammars.js'
import { idle } from './scenarios/idle.js'
import { memory } from './scenarios/memory.js'
import { pipeline } from './scenarios/pipeline.js'
import { restart } from './scenarios/restart.js'
import type { Scenario } from './scenarios/scenario.js'
import { sdk } from './scenarios/sdk.js'
import { slowConsumer } from './scenarios/slow-consumer.js'
import { stall } from './scenarios/stall.js'
import { startup } from './scenarios/startup.js'
import { stills } from './scenarios/stills.js'

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  sdk,
  startup,
  dispatch,
  idle,
  connect,
  fanout,
  'slow-consumer': slowConsumer,
  grammars,
  pipeline,
  memory,
  stall,
  chat,
  restart,
  stills,
}
const RESULTS = fileURLToPath(new URL('../results', import.meta.url))
const MAX_ROUNDS = 100
const MAX_KILLS = 20
/** The first warms up, and the last is judged by the second. */
const BURSTS = { least: 3, most: 20 } as const
const USAGE = `npm run bench -- [scenario...] [--rounds 5] [--peers name,...] [--kills 6] [--bursts 4]
scenarios: ${Object.keys(SCENARIOS).join(' ')}
peers: ${PEER_NAMES.join(' ')}`

/** A fault of the command line: told with the usage, without a stack. */
class UsageError extends Error {}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      peers: { type: 'string', default: PEER_NAMES.join(',') },
      kills: { type: 'string', default: '6' },
      bursts: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
    },
  })
  const rounds = wholeNumber('--rounds', values.rounds, { most: MAX_ROUNDS })
  const kills = wholeNumber('--kills', values.kills, { most: MAX_KILLS })
  const bursts = wholeNumber('--bursts', values.bursts, BURSTS)
  const peers = values.peers.split(',').map(name => {
    if (!isPeerName(name)) throw new UsageError(`there is no peer ${name}`)
    return name
  })
  const scenarios = (positionals.length > 0 ? positionals : Object.keys(SCENARIOS)).map(name => {
    const run = SCENARIOS[name]
    if (!run) throw new UsageError(`there is no scenario ${name}`)
    return { name, run }
  })
  return { help: values.help, rounds, kills, bursts, peers, scenarios }
}

function isUsage(error: unknown): boolean {
  return error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
}

function wholeNumber(name: string, text: string, { least = 1, most }: { least?: number; most: number }): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new UsageError(`${name} must be a whole number from ${least} to ${most}`)
}

async function main(): Promise<void> {
  const { help, rounds, kills, bursts, peers, scenarios } = readArguments()
  if (help) {
    console.log(USAGE)
    return
  }
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new UsageError(`stopped by ${name}`)))
  }
  const progress = (text: string) => console.error(text)
  const goals: Goal[] = []
  for (const { name, run } of scenarios) {
    const environment = readEnvironment()
    const { data, text, goals: own } = await run({ rounds, kills, bursts, peers, signal: stop.signal, progress })
    const outcome = { data: { goals: own, ...data }, text }
    console.log(await report({ scenario: name, environment, folder: RESULTS }, outcome))
    goals.push(...own)
  }
  if (goals.length > 0) console.log(`\n${goalsText(goals)}`)
}

main().catch((error: unknown) => {
  const message = errorMessage(error)
  console.error(isUsage(error) ? `${message}\n\n${USAGE}` : error)
  process.exitCode = 1
})
