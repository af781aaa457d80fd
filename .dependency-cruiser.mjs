/** The hexagon as rules; docs of each shape: who may import whom. Proven in test/project/boundaries. */

const INVERSIFY =
  '(^|/)node_modules/(@inversifyjs|inversify|reflect-metadata)/|^(inversify|reflect-metadata)$';
const COMPOSITION_ROOT = '^src/(config/|commands/|main\\.ts$)';

/** Libraries that the rest of the service does not see, and the folders that import them. */
const HOMES = [
  ['express-in-http-only', 'express', '^src/(adapters/http|config)/'],
  [
    'sequelize-in-sql-only',
    'sequelize|mysql2|umzug',
    '^src/(adapters/persistence/sql|config/database)/',
  ],
  ['redis-client-in-redis-only', '@redis/client', '^src/(adapters/redis|config/modules)/'],
  ['kafka-client-in-queue-only', '@platformatic/kafka', '^src/adapters/queue/kafka/'],
  ['opentelemetry-in-tracing-only', '@opentelemetry/[^/]+', '^src/adapters/telemetry/tracing/'],
].map(([name, library, home]) => ({
  name,
  severity: 'error',
  // Experiments reach the servers as a usual program does.
  from: { path: '^src/', pathNot: [home, '^src/experiments/'] },
  to: { path: `(^|/)node_modules/(@types/)?(${library})/|^(${library})(/|$)` },
}));

export default {
  forbidden: [
    ...HOMES,
    {
      name: 'domain-imports-nothing',
      comment: 'The domain knows no library, no platform and no other layer, not even by a type.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'application-imports-domain-only',
      severity: 'error',
      from: { path: '^src/application/', pathNot: '^src/application/unit-of-work/' },
      to: { pathNot: '^src/(domain|application)/' },
    },
    {
      name: 'unit-of-work-imports-domain-only',
      comment:
        'It alone needs the platform: to know that it runs nested, and to pause between tries.',
      severity: 'error',
      from: { path: '^src/application/unit-of-work/' },
      to: { pathNot: ['^src/(domain|application)/', '^(node:)?(async_hooks|timers/promises)$'] },
    },
    {
      name: 'only-unit-of-work-locks',
      comment:
        'No use case can take a lock or a transaction by itself, so none can take them in the wrong order.',
      severity: 'error',
      from: { path: '^src/application/', pathNot: '^src/application/unit-of-work/' },
      to: { path: '^src/domain/ports/(lock-port|transaction-port)\\.ts$' },
    },
    {
      name: 'http-takes-no-lock',
      severity: 'error',
      from: { path: '^src/adapters/http/' },
      to: { path: '^src/domain/ports/(lock-port|transaction-port)\\.ts$' },
    },
    {
      name: 'adapters-stand-apart',
      comment:
        'An adapter knows the domain, the application, its own folder, and the folders that adapters ' +
        'share: redis, timeouts and system.',
      severity: 'error',
      from: {
        path: '^src/adapters/([^/]+)/',
        pathNot: '^src/adapters/(telemetry|lock-and-cache-adapters)/',
      },
      to: {
        path: '^src/',
        pathNot: ['^src/(domain|application)/', '^src/adapters/($1|redis|timeouts|system)/'],
      },
    },
    {
      name: 'use-cases-are-called-from-outside',
      comment:
        'What implements a port knows the domain. Requests, jobs and metrics know use cases.',
      severity: 'error',
      from: { path: '^src/adapters/(persistence|queue|payment|ranking|system)/' },
      to: { path: '^src/application/' },
    },
    {
      name: 'libraries-know-nothing-of-the-shop',
      comment: 'The lock and the cache can each be used without the shop.',
      severity: 'error',
      from: { path: '^src/adapters/(lock|cache)/' },
      to: { path: '^src/', pathNot: '^src/adapters/($1|redis|timeouts)/' },
    },
    {
      name: 'redis-is-shared',
      comment: 'What every adapter may use knows no adapter.',
      severity: 'error',
      from: { path: '^src/adapters/(redis|timeouts)/' },
      to: { path: '^src/', pathNot: '^src/adapters/(redis|timeouts)/' },
    },
    {
      name: 'lock-and-cache-adapters-adapt-the-libraries',
      comment: "The lock and cache libraries as the shop's ports: errors are mapped there.",
      severity: 'error',
      from: { path: '^src/adapters/lock-and-cache-adapters/' },
      to: {
        path: '^src/',
        pathNot: '^src/(domain/|adapters/(lock-and-cache-adapters|lock|cache)/)',
      },
    },
    {
      name: 'telemetry-implements-observers',
      comment:
        'Metrics and traces are in one folder; of another adapter they know only its observer.',
      severity: 'error',
      from: { path: '^src/adapters/telemetry/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(domain|application)/',
          '^src/adapters/telemetry/',
          '^src/adapters/.*-observer\\.ts$',
        ],
      },
    },
    {
      name: 'only-config-wires',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters|config|experiments)/' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'config-knows-no-command',
      comment: 'A command starts the wiring, never the reverse.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'experiments-out-of-reach',
      comment: 'Lock and transaction lie open there, so that they can be taken in the wrong order.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(experiments|config)/' },
      to: { path: '^src/experiments/' },
    },
    {
      name: 'experiments-stand-beside-the-wiring',
      comment: 'They reach the servers as the settings say, which is read in one place.',
      severity: 'error',
      from: { path: '^src/experiments/' },
      to: {
        path: '^src/',
        pathNot: ['^src/(domain|application|adapters|experiments)/', '^src/config/settings/'],
      },
    },
    {
      name: 'lab-page-imports-what-browsers-run',
      comment: 'The page is built for a browser; it imports the schemas of its answers by type.',
      severity: 'error',
      from: { path: '^lab/' },
      to: {
        pathNot: [
          '^lab/',
          '(^|/)node_modules/',
          '^src/client/',
          '^src/adapters/http/lab/(lab-bounds|race-order|cluster/cluster-bounds)\\.ts$',
          '^src/adapters/http/lab/.*-schemas\\.ts$',
        ],
      },
    },
    {
      name: 'lab-page-and-service-share-plain-files',
      comment: 'The page takes these files into the browser, so they have no Node and no library.',
      severity: 'error',
      from: { path: '^src/adapters/http/lab/(lab-bounds|race-order|cluster/cluster-bounds)\\.ts$' },
      to: {
        pathNot: '^src/adapters/http/lab/(lab-bounds|race-order|cluster/cluster-bounds)\\.ts$',
      },
    },
    {
      name: 'client-stands-alone',
      comment: 'It is installed by programs that do not have the service.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/', pathNot: '^src/client/' },
    },
    {
      name: 'inversify-in-config-only',
      severity: 'error',
      from: { path: '^src/', pathNot: COMPOSITION_ROOT },
      to: { path: INVERSIFY },
    },
    {
      name: 'product-needs-no-tooling',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|tools|bench|lab)/' },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrel-file',
      severity: 'error',
      from: { path: '(^|/)index\\.ts$' },
      to: {},
    },
    {
      name: 'every-import-resolves',
      comment: 'A path that does not resolve escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^tools/launch/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
