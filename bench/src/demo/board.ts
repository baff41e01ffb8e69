import type { StageName } from '@cuewire/protocol'
import { STAGES } from '@cuewire/protocol'
import { MultiBar, Presets, type SingleBar } from 'cli-progress'

/** What is shown of one stage. */
export interface StageLine {
  readonly share: number
  readonly note: string
}

/** A bar for each stage below the lines that scroll by; without a terminal, a line whenever a stage changes its state. */
export interface Board {
  say(line: string): void
  stage(name: StageName, line: StageLine, changed: boolean): void
  stop(): void
}

const plain: Board = {
  say: line => console.log(line),
  stage: (name, { note }, changed) => {
    if (changed) console.log(`  [${name}] ${note}`)
  },
  stop: () => undefined,
}

/** Bars on a terminal, lines elsewhere. */
export function createBoard(): Board {
  if (!process.stdout.isTTY) return plain
  const bars = new MultiBar(
    { format: '{stage} {bar} {percentage}%  {note}', barsize: 24, hideCursor: true, stream: process.stdout },
    Presets.rect,
  )
  const ofStage = new Map<StageName, SingleBar>(
    STAGES.map(stage => [stage, bars.create(100, 0, { stage: stage.padEnd(10), note: 'waiting' })]),
  )
  return {
    say: line => bars.log(`${line}\n`),
    stage: (name, { share, note }) => ofStage.get(name)?.update(Math.round(share * 100), { note }),
    stop: () => bars.stop(),
  }
}
