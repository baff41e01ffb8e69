/**
 * Loaded before anything else in a test process (`.taprc`): takes back tap's instrumentation.
 *
 * Tap hooks the module loader of each test, and of every process and thread that a test starts, to record which files were
 * loaded. Nothing here reads that record, because coverage is off, and it costs every process half a second of CPU.
 */
import Module from 'node:module'

Object.assign(Module, { register: () => undefined })
process.env.__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__ = String(process.pid)
delete process.env.NODE_OPTIONS
