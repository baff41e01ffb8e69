import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import t from 'tap'

const MODULE = import.meta.resolve('@cuewire/server/lib/priority.js')
const THREAD = `
  import(${JSON.stringify(MODULE)}).then(({ yieldToEventLoop }) => {
    yieldToEventLoop()
    require('node:worker_threads').parentPort.postMessage(require('node:os').getPriority())
  })`
/** Prints its levels: those of its threads, of a program it starts, and of its session. */
const PROCESS = `
  const { execFileSync } = require('node:child_process')
  const { existsSync, readFileSync, readdirSync } = require('node:fs')
  const { getPriority } = require('node:os')
  import(${JSON.stringify(MODULE)}).then(({ yieldToServer }) => {
    yieldToServer()
    const threads = readdirSync('/proc/self/task').map(thread => getPriority(Number(thread)))
    const program = Number(execFileSync('nice'))
    const file = '/proc/self/autogroup'
    const session = () => Number(/nice (-?\\d+)/.exec(readFileSync(file, 'utf8'))[1])
    const print = () => {
      if (existsSync(file) && session() === 0) setTimeout(print, 10)
      else process.send({ threads, program, session: existsSync(file) ? session() : 10 })
    }
    print()
  })`
const skip = process.platform === 'linux' ? false : 'here threads have no priority of their own'

t.test('a thread lowers its own priority and leaves the process as it is', { skip }, async t => {
  const before = getPriority()
  const [after]: unknown[] = await once(new Worker(THREAD, { eval: true }), 'message')
  t.equal(after, Math.min(before + 5, 19))
  t.equal(getPriority(), before)
})

t.test('a process lowers its threads, what it starts, and its session', { skip }, async t => {
  const child = spawn(process.execPath, ['--eval', PROCESS], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  t.teardown(() => child.kill())
  const [levels]: { readonly threads: readonly number[]; readonly program: number; readonly session: number }[] =
    await once(child, 'message')
  t.ok(levels !== undefined && levels.threads.length > 4, 'Node has started threads before')
  t.same(levels, { threads: levels?.threads.map(() => 10), program: 10, session: 10 })
})
