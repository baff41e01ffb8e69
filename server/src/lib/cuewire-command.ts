/**
 * A `cuewire` command to type in the checkout. Not npx, which outside the checkout would ask the registry for a package
 * of that name.
 */
export function cuewireCommand(args: string): string {
  return `npm run cuewire -- ${args}`
}
