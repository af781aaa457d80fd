import path from 'node:path';
import { projectRoot } from '../project-root.js';

/** A tool that reads the source and exits with a non-zero code when it finds a problem. */
export interface Check {
  readonly name: string;
  /** A script for Node and its arguments. */
  readonly script: readonly [string, ...string[]];
}

const installed = (...steps: string[]) => path.join(projectRoot, 'node_modules', ...steps);

/** Rules about order and quotes, which are not used. */
const UNUSED_RULES = [
  'services-alphabetical-order',
  'service-keys-order',
  'top-level-properties-order',
  'require-quotes-in-ports',
];

/** Against the schema of the Compose Specification, and more. */
function composeCheck(file: string): Check {
  const options = ['--disable-rule', ...UNUSED_RULES, '--max-warnings', '0'];
  return { name: file, script: [installed('dclint', 'bin', 'dclint.cjs'), ...options, file] };
}

/** The checks of `npm run check`; the launcher has checked the types by building. */
export const CHECKS = {
  lint: {
    name: 'format and lint',
    script: [installed('@biomejs', 'biome', 'bin', 'biome'), 'check', '.'],
  },
  boundaries: {
    name: 'boundaries',
    script: [path.join(import.meta.dirname, 'boundaries', 'check-boundaries.js')],
  },
  words: {
    name: 'words',
    script: [path.join(import.meta.dirname, 'check-words.js')],
  },
  paths: {
    name: 'paths named in pages',
    script: [path.join(import.meta.dirname, 'check-paths.js')],
  },
  migrations: {
    name: 'migrations',
    script: [path.join(import.meta.dirname, 'check-migrations.js')],
  },
  deadCode: {
    name: 'dead code',
    script: [installed('knip', 'bin', 'knip.js'), '--no-progress'],
  },
  licences: {
    name: 'licences',
    script: [path.join(import.meta.dirname, '..', 'supply-chain', 'licences', 'main.js')],
  },
  lab: {
    name: 'the page of the lab',
    script: [path.join(import.meta.dirname, 'check-lab.js')],
  },
  compose: composeCheck('docker/compose.yml'),
  composeReplicated: composeCheck('docker/compose.replicated.yml'),
  dockerfile: {
    name: 'docker/Dockerfile',
    script: [
      installed('dockerfile-utils', 'bin', 'dockerfile-utils'),
      'lint',
      path.join(projectRoot, 'docker', 'Dockerfile'),
    ],
  },
} as const satisfies Record<string, Check>;
