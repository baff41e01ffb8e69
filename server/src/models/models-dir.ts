import { homedir, platform } from 'node:os'
import { join } from 'node:path'

/** The default models folder: `cuewire/models` in the user's cache folder. */
export function defaultModelsDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(cacheDir(env), 'cuewire', 'models')
}

function cacheDir(env: Readonly<Record<string, string | undefined>>): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME']
  if (platform() === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local')
  return platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}
