interface ModelFault {
  readonly state: string
  readonly reason: string
  readonly command: string
}

/** What is wrong with a pack and the command that fixes it, as text to follow the name of the pack. */
export function modelFault({ state, reason, command }: ModelFault): string {
  return `${state === 'missing' ? 'not installed' : reason}; fix it with: ${command}`
}
