/** The import table of CONTRIBUTING.md, as rules: imports point down only. */
const room = name => `^server/src/${name}/`
/** The store port: what one tenant has, the log of events, and what there is of all tenants. */
const STORE = 'storage/(store|vectors|event-log|server-store|of-tenant)\\.ts'
const BLOBS = 'storage/blobs\\.ts'
/** Port files: what the domain may see of a room of implementations. */
const ports = [
  STORE,
  BLOBS,
  'storage/still-cache\\.ts',
  'bus/bus\\.ts',
  'models/models\\.ts',
  'media/media-tools\\.ts',
].map(file => `^server/src/${file}$`)
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(protocol|server|client-sdk|bench|test)/', pathNot: [from, ...allowed] },
})
const protocol = '^protocol/'
const lib = room('lib')

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('protocol-is-a-leaf', '^protocol/src', [], 'The contract imports nothing of ours.'),
    {
      name: 'protocol-and-sdk-run-in-browsers',
      severity: 'error',
      from: { path: '^(protocol|client-sdk)/src', pathNot: '^client-sdk/src/(node|platform/open-socket-node)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    only('sdk-is-on-its-own', '^client-sdk/', [], 'What it ships is its own, `#protocol` too: its build of protocol/.'),
    only('lib-is-a-leaf', lib, [protocol], 'lib imports protocol types only.'),
    only('config-is-a-leaf', room('config'), [protocol, lib], 'Settings know no room.'),
    only('observability-is-a-leaf', room('observability'), [protocol, lib], 'Metrics read plain numbers.'),
    ...['storage', 'models', 'media'].map(name =>
      only(`${name}-is-on-its-own`, room(name), [protocol, lib], 'Implementations know their own room only.'),
    ),
    only('bus-reads-the-log', room('bus'), [protocol, lib, `^server/src/${STORE}$`], 'Live events come from the log.'),
    only('domain-sees-ports', room('domain'), [protocol, lib, ...ports], 'The domain sees interfaces only.'),
    {
      name: 'domain-sees-no-files',
      severity: 'error',
      comment: 'Files are blobs, leases and scratch files of the port.',
      from: { path: room('domain') },
      to: { path: '^(node:)?(fs|path)(/|$)', dependencyTypes: ['core'] },
    },
    only('identity-is-on-its-own', room('identity'), [protocol, lib], 'Who asks, and how much they may ask.'),
    only(
      'commands-know-no-transport',
      room('commands'),
      [protocol, lib, room('identity'), room('domain'), `^server/src/${STORE}$`],
      'The command core knows no socket and no HTTP: sessions and transport are its doors.',
    ),
    only(
      'sessions-call-commands',
      room('sessions'),
      [
        protocol,
        lib,
        room('identity'),
        room('commands'),
        room('domain'),
        '^server/src/bus/bus\\.ts$',
        `^server/src/${STORE}$`,
        `^server/src/${BLOBS}$`,
      ],
      'Sessions know the bus, the commands and the domain.',
    ),
    only(
      'transport-serves-sessions',
      room('transport'),
      [
        protocol,
        lib,
        room('observability'),
        room('identity'),
        room('commands'),
        room('sessions'),
        room('domain/library'),
        '^server/src/media/media-tools\\.ts$',
        `^server/src/${BLOBS}$`,
      ],
      'HTTP reaches the library only.',
    ),
    ...[
      ['uws', 'uWebSockets'],
      ['ws', '^node_modules/(@types/)?ws/'],
    ].map(([name, library]) => ({
      name: `only-transport-${name}-knows-its-library`,
      severity: 'error',
      comment: 'What is above the port is the same on every transport.',
      from: { path: '^server/src', pathNot: room(`transport/${name}`) },
      to: { path: library },
    })),
    {
      name: 'transports-are-chosen-in-one-place',
      severity: 'error',
      from: {
        path: '^server/src',
        pathNot: ['^server/src/transport/choose-transport\\.ts$', room('transport/(uws|ws)')],
      },
      to: { path: room('transport/(uws|ws)') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
}
