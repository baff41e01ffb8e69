import { exec } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { cuewireCommand } from '@cuewire/server/lib/cuewire-command.js'
import { objectsYoloxNano } from '@cuewire/server/models/packs/objects-yolox-nano.js'
import { sentencesMinilm } from '@cuewire/server/models/packs/sentences-minilm-l6.js'
import { VERSION } from '@cuewire/server/version.js'
import t from 'tap'
import { FakeHub } from '../../support/hub.js'
import { runCuewire } from '../../support/run-cuewire.js'
import { minilmFile } from '../../support/sentence-models.js'
import { testFolder } from '../../support/test-folder.js'
import { yoloxFile } from '../../support/yolox-models.js'

t.test('help and version are printed, and end well', async t => {
  for (const args of [['--help'], ['help']]) {
    const { code, stdout, stderr } = await runCuewire(args)
    t.match({ code, stderr }, { code: 0, stderr: '' }, args.join())
    for (const command of ['serve', 'models', 'doctor', 'version']) t.match(stdout, new RegExp(`^ +${command} `, 'm'))
  }
  const serve = await runCuewire(['help', 'serve'])
  for (const option of ['--host', '--port', '--data-dir']) t.match(serve.stdout, option)
  for (const args of [
    ['help', 'models', 'pull'],
    ['models', 'help', 'pull'],
  ])
    t.match(await runCuewire(args), { code: 0, stdout: /^Usage: cuewire models pull .*--default/s, stderr: '' })
  for (const args of [['version'], ['--version']])
    t.strictSame(await runCuewire(args), { code: 0, stdout: `${VERSION}\n`, stderr: '' })
})

t.test('wrong arguments end with 2, say what is wrong, and what there is', async t => {
  const cases = [
    [[], /Commands:\n {2}serve.*cuewire: name one of these commands/s],
    [['models'], /Commands:\n {2}list.*cuewire: name one of these commands/s],
    [['models', 'lst'], /unknown command 'lst'\n\(Did you mean list\?\).*Commands:/s],
    [['help', 'modles'], /^cuewire: unknown command 'modles'\n\(Did you mean models\?\).*Commands:/s],
    [['help', 'models', 'wrong'], /^cuewire: unknown command 'wrong'.*Commands:\n {2}list/s],
    [['models', 'help', 'wrong'], /^cuewire: unknown command 'wrong'/],
    [['help', 'serve', 'wrong'], /^cuewire: 'serve' has no command 'wrong'/],
    [['sevre'], /unknown command 'sevre'\n\(Did you mean serve\?\).*Commands:/s],
    [['serve', '--prot', '1'], /unknown option '--prot'\n\(Did you mean --port\?\).*--port <number>/s],
    [['serve', '--port'], /'--port <number>' argument missing/],
    [['serve', '9000'], /too many arguments for 'serve'/],
    [['models', 'pull'], /name the packs to install, or say --default/],
    [['models', 'pull', 'whisper'], /'whisper' is invalid.*speech-moonshine-base, speech-whisper-base, voice/],
  ] as const
  for (const [args, fault] of cases) {
    const { code, stdout, stderr } = await runCuewire(args)
    t.match({ code, stdout, stderr }, { code: 2, stdout: '', stderr: fault }, args.join(' '))
  }
})

t.test('wrong settings end with 2, and name the setting', async t => {
  const file = `${testFolder(t, { file: '' })}/file`
  const port = { CUEWIRE_PORT: '0' }
  const cases = [
    [['serve', '--port', 'x'], {}, 'wrong settings:\n  --port=x: must be a whole number from 0 to 65535\n'],
    [['serve'], { CUEWIRE_LOG_LEVEL: 'loud' }, 'CUEWIRE_LOG_LEVEL=loud: must be one of trace, debug, '],
    [['doctor'], { CUEWIRE_THREADS: 'many' }, 'CUEWIRE_THREADS=many: must be a whole number from 1 to 256'],
    [['serve'], { ...port, CUEWIRE_DATA_DIR: file }, `CUEWIRE_DATA_DIR: ${file} is not a folder`],
    [['serve', '--data-dir', `${file}/x`], port, `CUEWIRE_DATA_DIR: ${file}/x cannot be used: ${file} is not a folder`],
    [['serve', '--data-dir', '/proc/foo/x'], port, 'CUEWIRE_DATA_DIR: /proc/foo/x cannot be used: E'],
    [['models', 'list'], { CUEWIRE_MODELS_DIR: file }, `CUEWIRE_MODELS_DIR: ${file} is not a folder`],
    [
      ['doctor'],
      { CUEWIRE_MODEL_OBJECTS: 'yolo' },
      'CUEWIRE_MODEL_OBJECTS=yolo: must be one of objects-yolox-nano, objects-centernet, or empty',
    ],
    [
      ['models', 'list'],
      { CUEWIRE_MODELS_DIR: `${file}/x` },
      `CUEWIRE_MODELS_DIR: ${file}/x cannot be used: ${file} is not a folder`,
    ],
  ] as const
  for (const [args, settings, fault] of cases) {
    const { code, stdout, stderr } = await runCuewire(args, settings)
    t.match({ code, stdout }, { code: 2, stdout: '' }, args.join(' '))
    t.ok(stderr.startsWith('cuewire: wrong settings:\n') && stderr.includes(fault), stderr)
  }
})

t.test('what a setting names and what does not work end with 2 as well, for trying again does not help', async t => {
  const data = testFolder(t, { junk: { 'cuewire.db': 'junk' }, 'a.pem': 'junk' })
  const cases = [
    [{ FFMPEG_PATH: '/nowhere' }, 'FFMPEG_PATH=/nowhere: there is no such program'],
    [{ FFPROBE_PATH: '/bin/true' }, 'FFPROBE_PATH=/bin/true: this is not a working ffprobe'],
    [{ FFMPEG_PATH: '/nowhere', CUEWIRE_ROLE: 'worker' }, 'FFMPEG_PATH=/nowhere: there is no such program'],
    [
      { CUEWIRE_TLS_CERT_FILE: `${data}/a.pem`, CUEWIRE_TLS_KEY_FILE: `${data}/a.pem` },
      `CUEWIRE_TLS_CERT_FILE: ${data}/a.pem holds no certificate`,
    ],
    [{ CUEWIRE_JWT_PUBLIC_KEY_FILE: `${data}/a.pem` }, `CUEWIRE_JWT_PUBLIC_KEY_FILE: ${data}/a.pem holds no`],
    [{ CUEWIRE_DATA_DIR: `${data}/junk` }, `${data}/junk/cuewire.db cannot be opened`],
    // Root may write there by its mode, and nobody in fact.
    [{ CUEWIRE_DATA_DIR: '/sys' }, '/sys'],
  ] as const
  for (const [settings, fault] of cases) {
    const { code, stdout, stderr } = await runCuewire(['serve'], {
      CUEWIRE_PORT: '0',
      CUEWIRE_DATA_DIR: `${data}/data`,
      ...settings,
    })
    t.match({ code, stdout }, { code: 2, stdout: '' }, fault)
    t.match(stderr, `cuewire: ${fault}`)
  }
})

t.test('faults of what settings name are listed with the others', async t => {
  const file = `${testFolder(t, { file: '' })}/file`
  const { code, stderr } = await runCuewire(['serve'], {
    CUEWIRE_PORT: 'x',
    CUEWIRE_HOST: '0.0.0.0',
    CUEWIRE_HOSTS: 'https://a.example',
    CUEWIRE_TLS_CERT_FILE: '/nowhere.crt',
    CUEWIRE_TLS_KEY_FILE: '/nowhere.key',
    CUEWIRE_DATA_DIR: file,
    CUEWIRE_MODELS_DIR: `${file}/x`,
  })
  t.equal(code, 2)
  for (const name of ['PORT', 'HOST', 'HOSTS', 'TLS_CERT_FILE', 'TLS_KEY_FILE', 'DATA_DIR', 'MODELS_DIR'])
    t.match(stderr, new RegExp(`^ {2}CUEWIRE_${name}\\b`, 'm'))
  const keys = await runCuewire(['serve'], { CUEWIRE_PORT: 'x', CUEWIRE_JWT_PUBLIC_KEY_FILE: '/nowhere.pem' })
  t.match(keys.stderr, /CUEWIRE_PORT=x.*CUEWIRE_JWT_PUBLIC_KEY_FILE: \/nowhere\.pem cannot be read: ENOENT/s)
})

t.test('the command that messages name works in this folder', async t => {
  const { stdout } = await promisify(exec)(cuewireCommand('version'))
  t.equal(stdout.trim().split('\n').at(-1), VERSION)
})

t.test('a reader that has seen enough ends a command quietly', async t => {
  const { stderr } = await promisify(exec)('set -o pipefail; node server/bin/cuewire.js models list | true', {
    shell: '/bin/bash',
  })
  t.equal(stderr, '')
})

t.test('the doctor ends with 1 when a model is missing, and names the command that installs it', async t => {
  const { code, stdout } = await runCuewire(['doctor'], { CUEWIRE_MODELS_DIR: `${testFolder(t)}/none` })
  t.equal(code, 1)
  t.match(stdout, /^missing {2}objects-centernet@[\d.]+ {2}not installed; fix it/m)
  t.match(stdout, 'fix it with: npm run cuewire -- models pull objects-centernet\n')
})

t.test('the list of models names each pack once, with its state', async t => {
  const { code, stdout } = await runCuewire(['models', 'list'], { CUEWIRE_MODELS_DIR: `${testFolder(t)}/none` })
  t.equal(code, 0)
  t.match(stdout, /^ {2}objects-centernet {2}[\d.]+ {2}objects {2}MIT {2}not installed; fix it with: npm run/m)
})

/** The packs that come from a hub, with the folder of their files. */
const HUB_PACKS = [
  { pack: objectsYoloxNano, ...yoloxFile },
  { pack: sentencesMinilm, ...minilmFile },
] as const

for (const { pack, skip, folder } of HUB_PACKS)
  t.test(`${pack.name} is pulled from the hub, checked and removed`, { skip }, async t => {
    const files = await Promise.all(
      pack.files.map(async ({ path }) => {
        return { path, content: await readFile(`${folder}/${pack.name}/${path}`), lfs: path.endsWith('.onnx') }
      }),
    )
    const hub = await FakeHub.open(t, files, pack.source.hub)
    const dir = testFolder(t)
    const settings = { CUEWIRE_MODELS_DIR: dir, CUEWIRE_HUB_URL: hub.url, CUEWIRE_HUB_TOKEN: 'hf_of-this-test' }
    const run = async (...args: string[]) => {
      const ended = await runCuewire(['models', ...args], settings)
      t.notMatch(ended.stdout + ended.stderr, 'hf_of-this-test')
      return ended
    }
    t.match(await run('pull', pack.name), { code: 0, stdout: new RegExp(`${pack.name}@1.0.0 {2}[\\d.]+ MB {2}ready`) })
    t.match(await run('list'), { code: 0, stdout: new RegExp(`${pack.name} .* ready, in use\n`) })
    t.match(await run('verify'), { code: 0, stdout: `  ${pack.name}@1.0.0  ready\n` })
    const [model] = files
    await writeFile(`${dir}/${pack.name}@1.0.0/${model?.path}`, model?.content.subarray(1) ?? '')
    const shorter = new RegExp(`has \\d+ bytes, not ${model?.content.length}; fix it with`)
    t.match(await run('verify', pack.name), { code: 1, stdout: shorter })
    t.match(await run('remove', pack.name), { code: 0, stdout: new RegExp(`${pack.name}@1.0.0 {2}removed`) })
    t.match(await run('verify', pack.name), { code: 1, stdout: /not installed; fix it with/ })
    t.same(await readdir(dir), [])
  })

t.test('a pack that cannot be had does not keep the others from being installed', async t => {
  const files = objectsYoloxNano.files.map(({ path }) => ({ path, content: Buffer.from('a model'), lfs: true }))
  const hub = await FakeHub.open(t, files, objectsYoloxNano.source.hub)
  const settings = { CUEWIRE_MODELS_DIR: testFolder(t), CUEWIRE_HUB_URL: hub.url }
  const ended = await runCuewire(['models', 'pull', '--recommended'], settings)
  t.match(ended, {
    code: 1,
    stdout: /objects-yolox-nano@1.0.0 .* ready/,
    stderr: /speech-whisper-base@1.0.0: .*answered 404.*\n.*sentences-minilm-l6@1.0.0: .*answered 404/,
  })
})
