import { execFile } from 'node:child_process'
import t from 'tap'

t.test('wrong arguments end the demo at once with 2, a plain line and the usage; the help with 0', async t => {
  const cases = [
    [['--help'], 0, /^usage: npm run demo/, ''],
    [['--wrong'], 2, '', /^demo: Unknown option '--wrong'.*\nusage: npm run demo.*\n$/],
    [['/nonexistent.mp4'], 2, '', /^demo: \/nonexistent\.mp4 is no file\nusage: npm run demo/],
    [['.'], 2, '', /^demo: \. is no file\n/],
    [['a.mp4', 'b.mp4'], 2, '', /^demo: at most one video\nusage: /],
  ] as const
  for (const [args, code, stdout, stderr] of cases) t.match(await demo(args), { code, stdout, stderr }, args.join(' '))
})

function demo(args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise(done => {
    execFile(process.execPath, ['bench/dist/demo/main.js', ...args], { timeout: 30_000 }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, stdout, stderr })
    })
  })
}
