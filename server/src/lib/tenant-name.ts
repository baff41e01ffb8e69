/** Whether a text is a valid tenant name, which is also used as a folder name. */
export function isTenantName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)
}
