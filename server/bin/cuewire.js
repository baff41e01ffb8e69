#!/usr/bin/env -S node --no-memory-reducer
import { existsSync } from 'node:fs'

// Needs nothing but Node, so that it can say what is missing before anything else is loaded.
const MAIN = new URL('../dist/main.js', import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 9)) {
  console.error(`cuewire: needs Node 20.9 or later; this is ${process.version}`)
  process.exitCode = 1
} else if (!existsSync(MAIN)) {
  console.error('cuewire: is not built yet; in its folder run: npm install && npm run build')
  process.exitCode = 1
} else {
  await import(MAIN.href)
}
