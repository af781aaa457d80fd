import type { Planted } from '../../support/planted-copy.js';

/** A rule of the cache that is taken out of its built text, and the case that must notice. */
export interface PlantedFault {
  readonly name: string;
  readonly caughtBy: string;
  readonly changes: readonly Planted[];
}

function without(
  name: string,
  caughtBy: string,
  ...changes: readonly (readonly [file: string, from: string, to: string])[]
): PlantedFault {
  return {
    name,
    caughtBy,
    changes: changes.map(([file, from, to]) => ({ file: `src/adapters/cache/${file}`, from, to })),
  };
}

const bus = 'coherence/invalidation-bus.js';

/** By the rules of DESIGN.md's section on the cache, in their order. */
export const plantedFaults: readonly PlantedFault[] = [
  without(
    'rule 1: no hold-off before the commit',
    'take what it changes out of every instance before it commits',
    ['protocol/scripts/hold-off.lua', "invalidate(resources, 'held')", 'last + 1'],
  ),
  without(
    'rule 1: no write intent',
    'serve nothing stale when the writer dies before it ends its hold-off',
    [
      'protocol/scripts/hold-off.lua',
      "'ZADD', intents_of(resource)",
      "'ZADD', intents_of('other')",
    ],
  ),
  without('rule 1: a write goes on though Redis is away', 'refuse the write when Redis is away', [
    'redis-cache.js',
    'await this.#tryHoldOff(owner, resources)',
    'await this.#tryHoldOff(owner, resources).catch(() => ({ resources }))',
  ]),
  without(
    'rule 1: the commit does not ask how old the hold-off is',
    'let it commit no more when the hold-off may end first',
    ['coherence/hold-off-of.js', 'hasPassed(holdOffMs - commitMs, since, clock.now())', 'false'],
  ),
  without(
    'rule 1: the commit does not ask whether Redis was lost',
    'let it commit no more when Redis was lost meanwhile',
    ['coherence/hold-off-of.js', 'genesisNow() !== heldOff.genesis', 'false'],
  ),
  without(
    'rule 1: the end of a hold-off invalidates nothing',
    'invalidate again when Redis lost the hold-off meanwhile',
    ['protocol/scripts/end-hold-off.lua', "invalidate(resources, 'free')", 'last + 1'],
  ),
  without(
    'rule 2: a fill without its lease',
    'keep nothing of it anywhere',
    [
      'protocol/scripts/fill.lua',
      "if call_own('GET', fill_of(key)) ~= ARGV[3] then return {} end",
      '',
    ],
    ['protocol/scripts/fill.lua', 'if not is_current(shown, number) then return {} end', ''],
  ),
  without(
    'rule 2: the process keeps what an invalidation overtook',
    'keep no answer of Redis that was sent before the invalidation and came after it',
    ['loading/flights.js', 'flight.overtake(resource);', ''],
  ),
  without(
    'rule 3: the heartbeat replays nothing',
    'serve nothing beyond the bound when a message is lost',
    [bus, "this.listener.invalidate(missed, 'replay')", 'undefined'],
  ),
  without('rule 3: a gap goes unnoticed', 'find out from the next message that one is missing', [
    bus,
    'genesis === this.#genesis && Number(previous) <= this.#position',
    'true',
  ]),
  without(
    'rule 3: a reconnection compares nothing',
    'find out from a reconnection what they missed',
    [bus, "clients.subscriber.on('ready', this.#compareSoon)", 'undefined'],
  ),
  without(
    'rule 3: a log that is too short counts as none missed',
    'drop everything when what they missed is forgotten',
    ['protocol/scripts/sync.lua', 'or tonumber(ARGV[2]) < floor', ''],
  ),
  without(
    'rule 3: the process answers without proof',
    'serve nothing from the process when Redis hangs for longer than the bound',
    [bus, 'hasPassed(maxStalenessMs, this.#provenAt, now)', 'false'],
    [bus, 'this.#isSilent = true;', 'this.#answers = true;'],
  ),
  without(
    'rule 3: a Redis that was reborn is trusted at once',
    'comes back empty, keep nothing for the time a forgotten writer may have',
    ['protocol/scripts/lease-fill.lua', "if now < quiet then return { 'pass' } end", ''],
  ),
  without(
    'rule 4: what the reader has seen is not asked for',
    'are at least that fresh, though no message came',
    ['two-level-cache.js', 'entry.atLeast > this.shared.position', 'false'],
  ),
  without(
    'rule 5: every instance loads',
    'read past the cache where another instance takes too long',
    ['protocol/scripts/lease-fill.lua', "'NX', ", ''],
  ),
  without(
    'rule 5: every reader loads',
    'load once for 500 readers on each',
    ['loading/flights.js', 'this.#open.set(flight.key, flight)', 'this.#closed.add(flight)'],
    ['protocol/scripts/lease-fill.lua', "'NX', ", ''],
  ),
  without(
    'rule 5: a hit asks more than one GET',
    'ask Redis with one plain GET for what another has loaded',
    ['loading/read-through.js', 'if (entry.composed)', 'if (true)'],
  ),
  without(
    'rule 6: reads past the cache all load by themselves',
    'is away, read the truth, one load at a time for each key',
    ['loading/passing-loads.js', 'if (!line)', 'if (true)'],
  ),
  without(
    'rule 7: a second life in the process',
    'give an answer no second life when it moves into a process',
    ['loading/read-through.js', 'from, leftMs }', 'from, leftMs: 60_000 }'],
  ),
  without(
    'rule 7: entries of an older memory are trusted',
    'comes back with an older memory, trust nothing of it',
    ['protocol/scripts/sync.lua', "redis.call('HGET', control, 'run') ~= run", 'false'],
  ),
  without(
    'rule 7: lost control keys go unnoticed',
    'has evicted the control keys, begin anew',
    [
      'protocol/scripts/sync.lua',
      'genesis = text_of(last)',
      "genesis = ARGV[1] ~= '' and ARGV[1] or text_of(last)",
    ],
    ['protocol/scripts/sync.lua', 'floor = last', 'floor = 0'],
  ),
  without(
    'rule 7: an expired answer outlives a write',
    'never answer after its write what had only expired',
    ['local/local-entries.js', 'drop(resource) {', 'drop(resource) { return;'],
  ),
];
