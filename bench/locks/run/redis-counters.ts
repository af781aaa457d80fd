/** The counters of Redis since its start, from the text of `INFO`. */
export interface RedisCounters {
  /** All commands, also those inside scripts. */
  readonly commands: number;
  readonly cpuMs: number;
  /** Command in lower case to its number of calls. */
  readonly calls: ReadonlyMap<string, number>;
}

export function parseCounters(info: string): RedisCounters {
  const number = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  const calls = info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return {
    commands: number('total_commands_processed'),
    cpuMs: (number('used_cpu_user') + number('used_cpu_sys')) * 1000,
    calls: new Map([...calls].map(([, name = '', count]) => [name, Number(count)])),
  };
}

/** The difference of two counters. `sends` are the commands that count as round trips. */
export function costBetween(
  before: RedisCounters,
  after: RedisCounters,
  sends: readonly string[],
): { commands: number; roundTrips: number; cpuMs: number } {
  const callsOf = (name: string) => (after.calls.get(name) ?? 0) - (before.calls.get(name) ?? 0);
  return {
    // Without the INFO command that read `before`.
    commands: after.commands - before.commands - 1,
    roundTrips: sends.reduce((sum, name) => sum + callsOf(name), 0),
    cpuMs: after.cpuMs - before.cpuMs,
  };
}
