interface ModelFault {
  readonly state: string
  readonly reason: string
  readonly command: string
}

/** What is wrong with a pack and the command that mends it, in words that follow the pack's name. */
export function modelFault({ state, reason, command }: ModelFault): string {
  return `${state === 'missing' ? 'not installed' : reason}; fix it with: ${command}`
}
