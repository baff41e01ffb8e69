import { resolve } from 'node:path'
import { SOCKET_PATH } from '@cuewire/protocol'
import type { Logger } from 'pino'
import type { Config } from '../config/schema.js'
import type { PartHealth } from '../observability/health.js'

export interface Started {
  readonly config: Config
  readonly port: number
  /** The transport in use, and why it was chosen. */
  readonly transport: string
  /** The parts of the server, as `/readyz` gives them. */
  readonly parts: readonly PartHealth[]
}

const LABEL_WIDTH = 22

/**
 * Reports that the server is ready: one line that scripts wait for, then an overview at a terminal, or log lines
 * otherwise.
 */
export function announce(started: Started, logger: Logger): void {
  console.log(`Cuewire is ready: ${address(started, 'ws')}${SOCKET_PATH}`)
  if (process.stdout.isTTY) {
    for (const line of overview(started)) console.log(line)
    return
  }
  // This also reports a missing model: its detail has the command that installs it.
  for (const { name, code, detail } of started.parts.filter(part => !part.ok)) logger.warn({ part: name, code }, detail)
}

/** An overview for people: addresses, folders, access, and the detail of each part, one line each. */
export function overview(started: Started): string[] {
  const { dataDir, modelsDir, jwtSecret, jwtPublicKeyFile } = started.config
  const rows = [
    [
      'page',
      `${address(started, 'http')}/${OWN_ADDRESS.has(started.config.host) ? ', and at every other address of this machine' : ''}`,
    ],
    ['data', resolve(dataDir)],
    ['models', resolve(modelsDir)],
    ['transport', started.transport],
    ['access', jwtSecret || jwtPublicKeyFile ? 'with a token' : 'from this machine only, without a token'],
    ...started.parts.flatMap(({ name, ok, detail }) =>
      detail ? [[name, ok ? detail : `does not work: ${detail}`]] : [],
    ),
  ]
  return rows.map(([name = '', text = '']) => `  ${name.padEnd(LABEL_WIDTH)}${text}`)
}

/** What stands for all addresses is none that a client can connect to. */
const OWN_ADDRESS: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

function address({ config, port }: Started, scheme: 'ws' | 'http'): string {
  const { tlsCertFile } = config
  const host = OWN_ADDRESS.get(config.host) ?? config.host
  return `${scheme}${tlsCertFile ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
