import { globSync } from 'node:fs';
import path from 'node:path';

/** Every test file, as built. */
export const TEST_FILES = 'dist/test/**/*.test.js';

/** The group of all tests outside of the slow folders. */
const REST = 'rest';

/** Slow folders and the rest, the slowest first, so that none of them starts last. */
const BUSY = [
  REST,
  'lab',
  'replicated',
  'faults',
  'concurrency',
  'config',
  'experiments',
  'generated',
  'bench',
  'cluster',
  'coherence',
  'servers',
];

/** Slow folders whose tests wait for about half of their time: for leases, limits and timers. */
const WAITING = ['http', 'lock', 'cache', 'events', 'queue'];

const GROUPS = [...BUSY, ...WAITING];

/** Tests about times as text and the end of a day; they run in several time zones. */
const ABOUT_TIME = [
  'dist/test/**/domain/*.test.js',
  'dist/test/**/application/{card,likes,popular,purge,refresh,reservations,sweep}*.test.js',
  'dist/test/**/jobs/due-times.test.js',
  'dist/test/**/http/shop/popular.test.js',
  'dist/test/**/persistence/contracts/{card,order,persistence,queue,reservations,sales}*-contract.test.js',
];

const ZONES = ['UTC', 'Asia/Seoul', 'America/New_York'];

/** Test files that run one after the other, in a process of their own. */
export interface TestGroup {
  readonly name: string;
  readonly files: readonly string[];
  /** Whether its tests wait for about half of their time. */
  readonly waits: boolean;
  /** Time zone of the process; by default that of this process. */
  readonly zone?: string;
}

/**
 * One group for each slow folder, in the best order of starts, one for the rest, and one for each time
 * zone that this process is not in.
 */
export function testGroups(root: string): readonly TestGroup[] {
  const files = globSync(TEST_FILES, { cwd: root }).sort();
  const byFolder = Map.groupBy(files, (file) => {
    const folders = path.dirname(file).split(path.sep);
    return folders.find((folder) => GROUPS.includes(folder)) ?? REST;
  });
  const groups = GROUPS.map((name) => ({
    name,
    files: byFolder.get(name) ?? [],
    waits: WAITING.includes(name),
  }));
  return [...groups, ...zoneGroups(root)].filter(({ files }) => files.length > 0);
}

function zoneGroups(root: string): TestGroup[] {
  const files = globSync(ABOUT_TIME, { cwd: root }).sort();
  const { timeZone: own } = new Intl.DateTimeFormat().resolvedOptions();
  return ZONES.filter((zone) => zone !== own).map((zone) => ({
    name: `times in ${zone.replace(/.*\//, '')}`,
    files,
    waits: true,
    zone,
  }));
}
