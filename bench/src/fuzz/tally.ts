const MAX_FAULTS = 50

/** What a run of the fuzzer did and found. */
export class Tally {
  inputs = 0
  answers = 0
  httpReplies = 0
  /** Connections the server ended with a reset: right for garbage. */
  resets = 0
  readonly kinds: Record<string, number> = {}
  readonly faults: string[] = []
  faultCount = 0

  input(kind: string): void {
    this.inputs++
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1
  }

  fault(text: string): void {
    this.faultCount++
    if (this.faults.length < MAX_FAULTS) this.faults.push(text)
  }
}
