/** Whether a text may name a tenant: it also names a folder. */
export function isTenantName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)
}
