const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses the port; choose another with --port or CUEWIRE_PORT',
  EACCES: 'this user may not use the port; choose one above 1023 with --port or CUEWIRE_PORT',
  EADDRNOTAVAIL: 'this machine has no such address; set --host or CUEWIRE_HOST',
  ENOTFOUND: 'this machine has no such address; set --host or CUEWIRE_HOST',
}

/** The error for a port that cannot be opened: Node's reason, and what to do about it. */
export function listenError(host: string, port: number, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return new Error(`cannot listen on ${host}:${port}: ${REASONS[code] ?? code}`, { cause })
}
