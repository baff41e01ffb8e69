import type { MediaInfo } from '@cuewire/protocol'
import { assert } from '../../lib/assert.js'
import { type Deferred, deferred } from '../../lib/deferred.js'
import { yieldToServer } from '../../lib/priority.js'
import { toSentError } from '../../lib/sent-error.js'
import type { Binaries } from '../ffmpeg/binaries.js'
import { toolsWith } from '../ffmpeg/create-media-tools.js'
import type { Call, FromMediaProcess, ToMediaProcess } from './messages.js'

// The media process: answers the calls of a MediaProcess until that disconnects. It ends when its last child has.

assert(process.send, 'child.js is forked')
yieldToServer()
const [, , programs = ''] = process.argv
const tools = toolsWith(JSON.parse(programs) as Binaries)
const running = new Map<number, Run>()

interface Run {
  readonly controller: AbortController
  /** Resolves when the picture that was sent last has been taken. */
  taken?: Deferred<void>
}

process.on('message', (message: ToMediaProcess) => {
  const run = running.get(message.id)
  if (message.type === 'call') void serve(message.id, message.call)
  else if (message.type === 'taken') run?.taken?.resolve()
  else abort(run)
})
process.once('disconnect', () => {
  for (const run of running.values()) abort(run)
})
// A service manager sends it to every process; the server then disconnects.
process.on('SIGTERM', () => undefined)

async function serve(id: number, call: Call): Promise<void> {
  const run: Run = { controller: new AbortController() }
  running.set(id, run)
  try {
    send({ type: 'result', id, result: await answer(id, call, run) })
  } catch (error) {
    send({ type: 'error', id, ...toSentError(error) })
  } finally {
    running.delete(id)
  }
}

async function answer(id: number, call: Call, run: Run): Promise<MediaInfo | undefined> {
  const { signal } = run.controller
  if (call.name === 'probe') return await tools.probe(call.file, signal)
  const picture = (at: number, jpeg: Uint8Array) => {
    run.taken = deferred()
    send({ type: 'picture', id, at, jpeg })
    return run.taken.promise
  }
  await tools.stills(call.file, call.media, { ...call.request, picture }, signal)
  return undefined
}

function abort(run: Run | undefined): void {
  const reason = new Error('nobody waits for it any more')
  run?.controller.abort(reason)
  run?.taken?.reject(reason)
}

function send(message: FromMediaProcess): void {
  // The server may be gone; the answer then finds nobody.
  process.send?.(message, undefined, undefined, () => undefined)
}
