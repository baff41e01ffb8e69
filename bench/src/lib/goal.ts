import { table } from './table.js'

/** What was measured beside what it should be. */
export interface Goal {
  readonly what: string
  readonly measured: string
  readonly target: string
  readonly met: boolean
  /** What the same run says of the reason, where the goal is not met. */
  readonly because?: string
}

interface Measured {
  readonly value: number
  /** Written after the value, such as ` ms`. */
  readonly unit?: string
  /** @default 2 */
  readonly digits?: number
  readonly because?: string
}

export const atLeast = (what: string, least: number, measured: Measured): Goal =>
  goal(what, `>= ${least}`, measured.value >= least, measured)

export const atMost = (what: string, most: number, measured: Measured): Goal =>
  goal(what, `<= ${most}`, measured.value <= most, measured)

function goal(what: string, limit: string, met: boolean, { value, unit = '', digits = 2, because }: Measured): Goal {
  return {
    what,
    measured: `${value.toFixed(digits)}${unit}`,
    target: `${limit}${unit}`,
    met,
    ...(!met && because !== undefined && { because }),
  }
}

/** The goals of all scenarios of a run, for people. */
export function goalsText(goals: readonly Goal[]): string {
  const rows = table([
    ['all targets', 'measured', 'target', ''],
    ...goals.map(({ what, measured, target, met }) => [what, measured, target, met ? 'met' : 'NOT MET']),
  ])
  const reasons = goals.filter(({ because }) => because !== undefined).map(({ what, because }) => `${what}: ${because}`)
  return [rows, ...reasons].join('\n')
}
