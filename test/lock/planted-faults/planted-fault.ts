/** An error planted into the built text of the locks, and the contract case that must catch it. */
export interface PlantedFault {
  readonly name: string;
  readonly caughtBy: string;
  /** In files of src/adapters/lock as built: what stands there, and what is planted instead. */
  readonly changes: readonly {
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** The lock whose contract is run. */
  readonly lock: 'redis' | 'in process';
}

function inRedis(
  name: string,
  caughtBy: string,
  ...changes: readonly (readonly [file: string, from: string, to: string])[]
): PlantedFault {
  return {
    name,
    caughtBy,
    changes: changes.map(([file, from, to]) => ({ file, from, to })),
    lock: 'redis',
  };
}

const queueLua = 'protocol/scripts/includes/queue.lua';
const acquireLua = 'protocol/scripts/acquire.lua';
const releaseLua = 'protocol/scripts/release.lua';
const passOnLua = 'protocol/scripts/includes/pass-on.lua';
const batchLua = 'protocol/scripts/batch.lua';
const handOnLua = 'protocol/scripts/includes/hand-on.lua';
const wakeAll = `
for _, key in ipairs(KEYS) do
  for _, waiting in ipairs(redis.call('ZRANGE', key .. ':queue', 0, -1)) do
    redis.call('PUBLISH', channel_of(string.match(waiting, '^[^:]+'), key), 'wake up')
  end
end`;

export const plantedFaults: readonly PlantedFault[] = [
  inRedis(
    'release without owner check',
    'leaves the lease of another alone at the release of one it lost',
    [
      'protocol/scripts/includes/held.lua',
      'if not base or owner ~= own',
      'if true then return true end\n  if not base or owner ~= own',
    ],
  ),
  inRedis('renewal without owner check', 'learns by renewal that the service gave its lease away', [
    'protocol/scripts/renew.lua',
    'holder ~= owner or token < first or token > last',
    'false',
  ]),
  inRedis(
    'publish before delete',
    'grants the next waiter at the release, long before the lease would have ended',
    [
      releaseLua,
      '-- @include pass-on\n\nlocal floor = tonumber(last)\n',
      'local floor = tonumber(last)\n-- @include queue\nsettle(KEYS)\n',
    ],
    [releaseLua, 'local queued = again\n', 'local queued = true\n'],
    [handOnLua, 'if not again then\n    settle(keys)', 'if not again then'],
  ),
  inRedis(
    'subscribe after the retry',
    'grants the next waiter at the release, long before the lease would have ended',
    [
      'strategies/pub-sub-waiting.js',
      'await this.channel.open()',
      'setTimeout(() => void this.channel.open(), 60_000).unref()',
    ],
  ),
  inRedis(
    'a timer that never fires',
    'frees the keys of a process that died when its lease is over',
    ['waiting/waiting-group.js', 'setTimeout(this.#ask, (leftMs', 'setTimeout(() => {}, (leftMs'],
  ),
  inRedis(
    'herd wake-up',
    'sends one request a contended section, however many wait',
    [releaseLua, '-- @include pass-on', '-- @include keep'],
    [handOnLua, 'if not again then\n    settle(keys)', `${wakeAll}\nif not again then`],
    [handOnLua, 'local token = settle(keys, owner)', 'local token = 0'],
    ['protocol/grant-channel.js', 'if (told)', 'if (!told) this.onGap();\n        if (told)'],
  ),
  inRedis('a waiter leaked on timeout, in its group', 'passes over a waiter who timed out', [
    'waiting/waiting-group.js',
    'this.#waiters.delete(waiter);\n        if (this.#waiters.size === 0)',
    '',
  ]),
  inRedis(
    'a waiter leaked on timeout, in the count of the process',
    'makes room in its queue when a waiter times out',
    ['waiting/waiter-queue.js', 'this.crowd.size -= 1', ''],
  ),
  inRedis(
    'a waiter leaked on timeout, in the queue of Redis',
    'leaves the queue when its last waiter gives up',
    ['waiting/waiting-group.js', 'void this.scripts.leave(this.keys)', ''],
  ),
  inRedis(
    'a queue that blocks those behind one who left',
    'lets those behind a waiter for several keys pass when it leaves',
    ['protocol/scripts/leave.lua', 'settle(KEYS)', ''],
  ),
  inRedis(
    'newcomers overtake those who wait',
    'lets nobody overtake a waiter for several keys',
    [acquireLua, "\n    and redis.call('EXISTS', KEYS[i] .. ':queue') == 0", ''],
    [queueLua, 'if deadline or head(key) ~= owner then', 'if deadline then'],
  ),
  inRedis(
    'a grant to the dead',
    'passes over the waiters of a process that died',
    [queueLua, 'elseif listens(channel) then', 'elseif true then'],
    [passOnLua, "and redis.call('PUBSUB', 'NUMSUB', channel)[2] > 0", ''],
  ),
  inRedis(
    'tokens that trust the memory of Redis',
    'raises tokens even where the service lost its memory',
    [acquireLua, 'if last < at then', 'if false then'],
    [queueLua, 'math.max(last + 1, now, floor + 1)', '(last + 1)'],
  ),
  inRedis('some keys taken where not all are free', 'takes all keys or none', [
    acquireLua,
    "redis.call('GET', KEYS[i]) or '0'\n",
    "redis.call('GET', KEYS[i]) or '0'\n  if #value > 16 then value = '0' end\n",
  ]),
  inRedis(
    'a batch that takes what is held',
    'takes what is free of many keys asked for together, and leaves what is held',
    [batchLua, '(not value or (#value == 16 and value < at))', 'true'],
  ),
  inRedis(
    'a batch that overtakes those who wait',
    'lets none of many keys asked for together overtake a waiter for several keys',
    [batchLua, "redis.call('EXISTS', unpack(queues)) == 0", 'true'],
  ),
  inRedis(
    'a batch whose releases hand nothing on',
    'hands each of many keys released together to its waiter',
    [batchLua, "redis.call('EXISTS', unpack(queues)) == 0", 'true'],
  ),
  inRedis(
    'a batch whose tokens trust the memory of Redis',
    'raises the tokens of keys asked for together where the service lost its memory',
    [
      'protocol/scripts/includes/clock-text.lua',
      "string.sub('000000000' .. time[1], -10) .. string.sub('00000' .. time[2], -6)",
      "'0000000000000001'",
    ],
  ),
  inRedis(
    'a lease measured by one clock',
    'loses the lease by one clock alone while monotonicMs stands still',
    ['leases/lock-clock.js', ', this.wallEndMs - now.wallMs', ''],
  ),
  {
    name: 'a waiter leaked on timeout, in memory',
    caughtBy: 'passes over a waiter who timed out',
    changes: [{ file: 'in-process-lock.js', from: 'this.#dequeue(left);', to: '' }],
    lock: 'in process',
  },
  {
    name: 'a holder stopped past its lease keeps it',
    caughtBy: 'loses the lease of a holder that was stopped past it, before it does anything else',
    changes: [{ file: 'leases/held-lease.js', from: 'this.#term.isOver(', to: 'false && (' }],
    lock: 'in process',
  },
];
