/**
 * Loaded before anything else in a test process (`.taprc`): keeps tap's hooks out of it.
 *
 * Tap hooks the module loader of each test, and of every process and thread that a test starts, to record which files were
 * loaded and to replace some of them. Nothing here uses either, and it costs every process half a second of CPU.
 */
import Module, { syncBuiltinESMExports } from 'node:module'

Object.assign(Module, { register: () => undefined })
syncBuiltinESMExports()
process.env['__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__'] = String(process.pid)
delete process.env['NODE_OPTIONS']
