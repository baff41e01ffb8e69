/** A `cuewire` command as it is typed in the checkout. npx is not named: elsewhere it asks the registry for a package of that name. */
export function cuewireCommand(args: string): string {
  return `npm run cuewire -- ${args}`
}
