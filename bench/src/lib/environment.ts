import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'

/** Where and on what a result was measured. */
export interface Environment {
  readonly date: string
  /** Commit of the code, with `+` when files differ from it; `unknown` outside a checkout. */
  readonly commit: string
  readonly node: string
  readonly system: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
}

export function readEnvironment(): Environment {
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    commit: readCommit(),
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
  }
}

function readCommit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}
