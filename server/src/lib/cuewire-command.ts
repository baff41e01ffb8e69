/** A `cuewire` command as it is typed in the folder of Cuewire; `npx cuewire` elsewhere would ask the registry for it. */
export function cuewireCommand(args: string): string {
  return `npm run cuewire -- ${args}`
}
