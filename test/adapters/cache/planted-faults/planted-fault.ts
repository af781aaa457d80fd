import type { MarkedFault } from '../../../support/planting/planted-copy.js';

/** A rule of the cache that is broken at markers of its source, and the case that must fail then. */
export interface PlantedFault {
  readonly name: string;
  readonly caughtBy: string;
  readonly changes: readonly MarkedFault[];
}

function without(
  name: string,
  caughtBy: string,
  ...changes: readonly (readonly [marker: string, to: string])[]
): PlantedFault {
  return { name, caughtBy, changes: changes.map(([marker, to]) => ({ marker, to })) };
}

/** In the order of the rules in src/adapters/cache/README.md. */
export const plantedFaults: readonly PlantedFault[] = [
  without(
    'rule 1: the begin of a write invalidates nothing',
    'no instance returns the old entry once the commit is done',
    ['begin-invalidates-nothing', 'local number = last + 1'],
  ),
  without(
    'rule 1: no write intent is stored',
    'no instance returns a stale entry when the writer crashes before it ends its write intent',
    ['no-intent', "redis.call('ZADD', intents_of('other'), text_of(now + ARGV[3]), ARGV[2])"],
  ),
  without(
    'rule 1: a write goes on though Redis cannot be reached',
    'the write is refused when Redis cannot be reached',
    [
      'write-without-redis',
      'const intent = await this.#tryBeginWrite(owner, resources).catch(() => ({ resources }));',
    ],
  ),
  without(
    'rule 1: the commit ignores the age of the write intent',
    'the commit is refused when the write intent may expire first',
    ['intent-age-ignored', 'if (false) {'],
  ),
  without(
    'rule 1: the commit ignores a lost Redis',
    'the commit is refused when the connection to Redis was lost meanwhile',
    ['lost-redis-ignored', 'if (false)'],
  ),
  without(
    'rule 1: the end of a write invalidates nothing',
    'the end of the write invalidates again when Redis lost the write intent',
    ['end-invalidates-nothing', 'local number = last + 1'],
  ),
  without(
    'rule 2: an entry is filled without its lease',
    'the loaded text is stored in no cache',
    ['fill-without-lease', ''],
    ['fill-of-replaced', ''],
  ),
  without(
    'rule 2: the process keeps a load that was invalidated',
    'a Redis reply from before the invalidation is not stored in the process',
    ['stale-load-kept', ''],
  ),
  without(
    'rule 3: the heartbeat replays nothing',
    'no stale entry is returned beyond the staleness bound',
    ['no-replay', 'else if (false)'],
  ),
  without(
    'rule 3: a gap in the messages is not noticed',
    'the next message shows that messages were lost',
    ['gap-unnoticed', 'if (true) {'],
  ),
  without('rule 3: a reconnection compares nothing', 'a reconnection replays the lost messages', [
    'reconnection-compares-nothing',
    '',
  ]),
  without(
    'rule 3: a list that is too short counts as nothing missed',
    'every entry is dropped when Redis no longer has the lost messages',
    ['short-log-trusted', 'if epoch ~= ARGV[1] then'],
  ),
  without(
    'rule 3: the process returns entries without a recent comparison',
    'no entry of the process is returned when Redis hangs for longer than the staleness bound',
    ['no-proof', 'if (!this.#provenAt)'],
    ['silence-unnoticed', 'this.#answers = true;'],
  ),
  without(
    'rule 3: a new epoch is trusted at once',
    'no entry is stored after an empty restart until every lost write intent would have expired',
    ['new-epoch-trusted', ''],
  ),
  without(
    "rule 4: the number of the reader's write is ignored",
    'an entry from before that write is not returned, though its message was lost',
    ['at-least-ignored', 'if (false) {'],
  ),
  without(
    'rule 5: every instance gets the fill lease',
    'a reader loads past the cache when another instance loads for too long',
    ['fill-lease-for-all', "if not redis.call('SET', fill_of(key), ARGV[4], 'PX', ARGV[5]) then"],
  ),
  without(
    'rule 5: each read waits again for a load that hangs',
    'readers wait once for an instance whose load hangs',
    ['wait-again', ''],
  ),
  without(
    'rule 5: the fill lease of an instance that crashed lasts as long as a load may take',
    'another instance loads soon after the loading instance crashed',
    ['short-fill-lease', 'this.#fillLeaseMs = String(settings.fillMs);'],
  ),
  without(
    'rule 5: the fill lease of a slow load is not renewed',
    'a load that takes longer than its fill lease is kept',
    ['fill-not-renewed', 'if (true) return;'],
  ),
  without(
    'rule 5: the fill lease of a load that hangs is renewed without end',
    'a load that takes longer than the longest load is not kept',
    ['fill-not-renewed', 'if (false)'],
  ),
  without(
    'rule 5: every reader loads',
    '500 readers on each instance cause one load',
    ['every-reader-loads', 'this.#closed.add(shared);'],
    ['fill-lease-for-all', "if not redis.call('SET', fill_of(key), ARGV[4], 'PX', ARGV[5]) then"],
  ),
  without('rule 5: a hit costs more than one GET', 'a hit in Redis costs one GET', [
    'hit-by-script',
    'if (true)',
  ]),
  without(
    'rule 6: every read past the cache loads',
    'readers load from the database, one at a time for each key',
    ['every-bypass-loads', 'if (true)'],
  ),
  without(
    'rule 7: an entry gets a second life in the process',
    'an entry does not live longer because a process stores a copy of it',
    ['second-life', 'this.keep({ key, text, resources, from, leftMs: 60_000 });'],
  ),
  without(
    'rule 7: entries of an older memory are trusted',
    'no entry is returned after a restart from an older snapshot',
    ['older-memory-trusted', 'local function is_other_memory() return false end'],
  ),
  without(
    'rule 7: lost control keys are not noticed',
    'a new epoch begins after the control keys were evicted',
    ['lost-control-unnoticed', "epoch = ARGV[1] ~= '' and ARGV[1] or text_of(last)\n  floor = 0"],
  ),
  without(
    'rule 7: an expired entry outlives a write',
    'an expired entry is never returned after its write',
    ['expired-outlives-write', 'return;'],
  ),
];
