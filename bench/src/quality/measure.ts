/** One line of the table: something that was measured, beside what it should be. */
export interface Row {
  /** The inputs: a set made by the project, `development` or `held out`, or recordings. */
  readonly set: string
  readonly what: string
  readonly found: string
  readonly target?: string
  /** What simpler methods reach on the same inputs. */
  readonly baselines?: string
}

/** Rows, or why there are none and how to have them. */
export type Measured = { readonly rows: readonly Row[] } | { readonly skipped: string }

export interface MeasureOptions {
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

/** Measures one thing on inputs whose truth is known. */
export type Measure = (options: MeasureOptions) => Promise<Measured>
