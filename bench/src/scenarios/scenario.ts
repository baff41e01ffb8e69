import type { Goal } from '../lib/goal.js'
import type { PeerName } from '../peers/peers.js'

/** What a run may change. */
export interface ScenarioOptions {
  readonly rounds: number
  readonly peers: readonly PeerName[]
  /** How often `restart` kills each process. */
  readonly kills: number
  /** How often `stills` asks for many pictures at once. */
  readonly bursts: number
  readonly signal: AbortSignal
  /** Says what is being done. */
  readonly progress: (text: string) => void
}

/** What a scenario found: all of it for the file, and a summary for people. */
export interface Outcome {
  readonly data: object
  readonly text: string
}

/** An outcome with the measurements that have a target. */
export interface JudgedOutcome extends Outcome {
  readonly goals: readonly Goal[]
}

export type Scenario = (options: ScenarioOptions) => Promise<JudgedOutcome>
