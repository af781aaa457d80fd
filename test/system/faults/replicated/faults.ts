import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../support/random.js';
import type { Victims } from './victims.js';

/** Something that breaks processes of a cluster, and repairs them. */
export interface Fault {
  readonly name: string;
  /** The longest time without a successful answer, in seconds, if a time is promised. */
  readonly promisedSeconds?: number | undefined;
  /** Resolves when all that was broken is started or resumed again. */
  inflict(): Promise<void>;
}

/** Kinds whose place another process has to take first; their promise is longer. */
const REPLACED = new Set(['Galera writer', 'Redis master']);
const REPLACED_SECONDS = 5;
const USUAL_SECONDS = 1;

function promisedSeconds(kind: string): number {
  return REPLACED.has(kind) ? REPLACED_SECONDS : USUAL_SECONDS;
}

/** Kills a process of each kind, in turn. Each is started again after `ms`. */
export function killsOfEach({ kinds }: Victims, ms: number): Fault[] {
  return [...kinds].map(([kind, find]) => ({
    name: `${kind} killed`,
    promisedSeconds: promisedSeconds(kind),
    inflict: () => kill([find], ms),
  }));
}

/** Stops a process of each kind by a signal, in turn. Each continues after `ms`. */
export function pausesOfEach({ kinds }: Victims, ms: number): Fault[] {
  return [...kinds].map(([kind, find]) => ({
    name: `${kind} stopped for ${ms / 1_000} s`,
    promisedSeconds: promisedSeconds(kind),
    inflict: async () => {
      const victim = await find();
      await victim.pause();
      await sleep(ms);
      await victim.resume();
    },
  }));
}

/** Kills processes of two different kinds at once. They are started again after `ms`. */
export function killsOfPairs({ kinds }: Victims, ms: number, count: number, random: Random) {
  return Array.from({ length: count }, (): Fault => {
    const pair = pairOf(random.shuffled([...kinds]));
    return {
      name: `${pair.map(([kind]) => kind).join(' and ')} killed`,
      inflict: () =>
        kill(
          pair.map(([, find]) => find),
          ms,
        ),
    };
  });
}

/** Cuts the writer of the database off from the other members for `ms`. */
export function partitionOfWriter(victims: Victims, ms: number): Fault {
  return {
    name: `Galera writer cut off for ${ms / 1_000} s`,
    promisedSeconds: promisedSeconds('Galera writer'),
    inflict: async () => {
      const { mend } = await victims.partition();
      await sleep(ms);
      await mend();
    },
  };
}

type Kind = readonly [name: string, find: Find];
type Find = Victims['kinds'] extends ReadonlyMap<string, infer F> ? F : never;

async function kill(finds: readonly Find[], ms: number): Promise<void> {
  const victims = await Promise.all(finds.map((find) => find()));
  await Promise.all(victims.map((victim) => victim.stop('abruptly')));
  await sleep(ms);
  await Promise.all(victims.map((victim) => victim.start()));
}

/** Of Galera only one, because its cluster needs two of three members. */
function pairOf([one, ...others]: readonly Kind[]): Kind[] {
  const isGalera = ([name]: Kind) => name.startsWith('Galera');
  const other = others.find((each) => !one || !isGalera(one) || !isGalera(each));
  return [one, other].filter((each) => each !== undefined);
}
