import { once } from 'node:events'
import { abortable } from '@cuewire/server/lib/abortable.js'
import t from 'tap'

t.test('a promise that fails after the signal has aborted is ignored', async t => {
  const stop = new AbortController()
  const late = new Error('too late')
  const fails = () => new Promise<never>((_, reject) => setImmediate(reject, late))
  const before = abortable(fails(), stop.signal)
  stop.abort(new Error('stopped'))
  await t.rejects(before, { message: 'stopped' })
  const heard = new AbortController()
  // `AbortSignal.timeout` keeps no process alive.
  setTimeout(() => heard.abort(), 50)
  const unhandled = once(process, 'unhandledRejection', { signal: heard.signal })
  await t.rejects(abortable(fails(), stop.signal), { message: 'stopped' })
  await t.rejects(unhandled, { name: 'AbortError' }, 'nothing is left unhandled')
})
