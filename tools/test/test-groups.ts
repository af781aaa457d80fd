import { globSync } from 'node:fs';
import path from 'node:path';

/** Every test file, as built. */
export const TEST_FILES = 'dist/test/**/*.test.js';

/** Folders that take long, the longest first: whoever begins them last waits for them alone. */
const LONG = [
  'faults',
  'generated',
  'concurrency',
  'lock',
  'http',
  'cache',
  'cluster',
  'bench',
  'experiments',
  'config',
  'queue',
  'coherence',
  'events',
  'servers',
];

/** Test files that run one after the other, in a process of their own. */
export interface TestGroup {
  readonly name: string;
  readonly files: readonly string[];
}

/** A group for each folder that takes long, in the order in which they are best begun, and the rest. */
export function testGroups(root: string): readonly TestGroup[] {
  const files = globSync(TEST_FILES, { cwd: root }).sort();
  const byFolder = Map.groupBy(files, (file) => {
    const folder = file.split(path.sep)[2] ?? '';
    return LONG.includes(folder) ? folder : 'rest';
  });
  return [...LONG, 'rest']
    .map((name) => ({ name, files: byFolder.get(name) ?? [] }))
    .filter(({ files }) => files.length > 0);
}
