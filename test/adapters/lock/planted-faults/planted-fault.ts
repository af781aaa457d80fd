import type { MarkedFault } from '../../../support/planting/planted-copy.js';

/** A mistake planted at markers of the lock's sources, and the contract case that must fail with it. */
export interface PlantedFault {
  readonly name: string;
  readonly caughtBy: string;
  readonly faults: readonly MarkedFault[];
  /** The lock whose contract is run. */
  readonly lock: 'redis' | 'in process';
}

/** Each change is the name of a marker and the text that replaces the code after the marker. */
function inRedis(
  name: string,
  caughtBy: string,
  ...changes: readonly (readonly [marker: string, to: string])[]
): PlantedFault {
  const faults = changes.map(([marker, to]) => ({ marker, to }));
  return { name, caughtBy, faults, lock: 'redis' };
}

const WAKE_ALL = `
  for _, key in ipairs(keys) do
    for _, waiting in ipairs(redis.call('ZRANGE', key .. ':queue', 0, -1)) do
      redis.call('PUBLISH', channel_of(string.match(waiting, '^[^:]+'), key), 'wake up')
    end
  end`;

export const plantedFaults: readonly PlantedFault[] = [
  inRedis(
    'a release that does not check the owner',
    'does not release the lease of another when a lost lease is released',
    ['release-without-owner-check', 'if true then return true end'],
  ),
  inRedis(
    'a renewal that does not check the owner',
    'loses the lease at its renewal when the service granted it to another',
    ['renew-without-owner-check', ''],
  ),
  inRedis(
    'a grant that is published before the release',
    'grants the next waiter at the release, not at the end of the lease',
    ['no-fast-release', ''],
    ['publish-before-release', 'local floor = tonumber(last)\n-- @include queue\ngrant_next(KEYS)'],
    ['always-queued', 'local queued = true'],
    ['release-grants-nobody', ''],
  ),
  inRedis(
    'a subscription that comes after the request',
    'grants the next waiter at the release, not at the end of the lease',
    ['subscribe-after-asking', 'setTimeout(() => void this.channel.open(), 60_000).unref();'],
  ),
  inRedis('a timer that never fires', 'frees the keys of a dead process when its lease is over', [
    'timer-never-fires',
    'this.#timer = setTimeout(() => {}, afterMs);',
  ]),
  inRedis(
    'a release that wakes all waiters',
    'sends one request for each contended section, however many wait',
    ['no-fast-release', '-- @include token-ttl'],
    ['release-grants-nobody', WAKE_ALL],
    ['requeue-grants-nobody', `${WAKE_ALL}\n  local token = 0`],
    [
      'herd-wakes',
      'if (published) this.onGrant(this.scripts.handedOver(published)); else this.onPossibleLoss();',
    ],
  ),
  inRedis('a waiter that stays in its group after its timeout', 'skips a waiter that timed out', [
    'waiter-leaked-in-group',
    '',
  ]),
  inRedis(
    'a waiter that stays in the count of the process after its timeout',
    'makes room in its queue when a waiter times out',
    ['waiter-leaked-in-limit', ''],
  ),
  inRedis(
    'a process that stays in the queue of Redis when its last waiter leaves',
    'leaves the queue of the service when its last waiter leaves',
    ['waiter-leaked-in-redis', ''],
  ),
  inRedis(
    'a process that leaves the queue and grants nothing to the next',
    'grants the next waiters when a waiter for several keys leaves',
    ['leave-grants-nobody', ''],
  ),
  inRedis(
    'newcomers that overtake waiters',
    'lets no acquire overtake a waiter for several keys',
    ['acquire-ignores-queue', ''],
    ['grant-ignores-head', 'if deadline then return nil end'],
  ),
  inRedis(
    'a grant to a dead process',
    'skips the waiters of a dead process',
    ['grant-to-dead', 'elseif true then'],
    ['fast-grant-to-dead', 'if process then'],
  ),
  inRedis(
    'tokens that rise only while Redis keeps its memory',
    'raises tokens when the service lost its memory',
    ['acquire-ignores-floor', 'if false then'],
    ['token-trusts-memory', 'return (last + 1) + tokens_of(owner) - 1'],
  ),
  inRedis('some keys taken where not all are free', 'acquires all keys or none', [
    'acquire-takes-held',
    "local value = redis.call('GET', KEYS[i]) or '0'\n  if #value > 16 then value = '0' end",
  ]),
  inRedis(
    'a batch that takes held keys',
    'grants the free keys of many acquires sent together, and not the held ones',
    ['batch-takes-held', 'if may_be_usual then'],
  ),
  inRedis(
    'a batch that overtakes waiters',
    'lets no acquire of many sent together overtake a waiter for several keys',
    ['batch-ignores-queues', 'local all_idle = true'],
  ),
  inRedis(
    'a batch whose releases grant nothing',
    'grants each of many keys released together to its waiter',
    ['batch-ignores-queues', 'local all_idle = true'],
  ),
  inRedis(
    'a batch whose tokens rise only while Redis keeps its memory',
    'raises the tokens of acquires sent together when the service lost its memory',
    ['clock-text-trusts-memory', "local at = '0000000000000001'"],
  ),
  inRedis(
    'a lease measured by one clock',
    'loses the lease by one clock alone while monotonicMs stands still',
    ['lease-by-one-clock', 'return this.monotonicEndMs - now.monotonicMs;'],
  ),
  {
    name: 'a waiter that stays in memory after its timeout',
    caughtBy: 'skips a waiter that timed out',
    faults: [{ marker: 'waiter-leaked-in-memory', to: '' }],
    lock: 'in process',
  },
  {
    name: 'a holder that was stopped past its lease and keeps it',
    caughtBy: 'refuses the next step of a holder that was stopped past its lease',
    faults: [{ marker: 'lease-never-over', to: 'const isOver = false;' }],
    lock: 'in process',
  },
];
