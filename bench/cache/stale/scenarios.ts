import type { Contestant } from '../contestant.js';
import { type Instances, moment } from './instances.js';

/** A sequence of events after which a cache may keep a replaced value until its TTL ends. */
export interface StaleScenario {
  readonly id: string;
  /** Whether this sequence is possible with the contestant. */
  concerns(contestant: Contestant): boolean;
  /** Resolves after the write. Broken connections are then restored, unless the scenario keeps them so. */
  play(instances: Instances): Promise<void>;
}

const SLOW_LOADER: StaleScenario = {
  id: 'slow loader',
  concerns: () => true,
  play: async (instances) => {
    const gate = Promise.withResolvers<void>();
    const isLoading = instances.slowDown(gate.promise);
    const reader = await instances.reader;
    const read = Promise.resolve(reader.read(instances.key));
    await isLoading;
    instances.slowDown(Promise.resolve());
    await instances.write();
    await moment();
    gate.resolve();
    await read.catch(() => undefined);
  },
};

const READ_IN_FLIGHT: StaleScenario = {
  id: 'read in flight',
  concerns: ({ hasL1, hasL2 }) => hasL1 && hasL2,
  play: async (instances) => {
    const writer = await instances.writer;
    await writer.read(instances.key);
    await moment();
    const reader = await instances.reader;
    instances.commands.hold();
    const read = Promise.resolve(reader.read(instances.key));
    await moment();
    // Not awaited yet: the write may wait for an answer of the reader, whose connection is held.
    const written = instances.write();
    await moment();
    instances.commands.release();
    await Promise.all([read.catch(() => undefined), written]);
  },
};

const CUT_BUS: StaleScenario = {
  id: 'cut bus',
  concerns: ({ hasL1, hasL2 }) => hasL1 && hasL2,
  play: async (instances) => {
    await fillReader(instances);
    instances.bus.cut();
    await moment();
    await instances.write();
    await moment();
    instances.bus.restore();
  },
};

const HALF_OPEN_BUS: StaleScenario = {
  id: 'half-open bus',
  concerns: ({ hasL1, hasL2 }) => hasL1 && hasL2,
  play: async (instances) => {
    await fillReader(instances);
    instances.bus.silence();
    await instances.write();
  },
};

export const STALE_SCENARIOS = [SLOW_LOADER, READ_IN_FLIGHT, CUT_BUS, HALF_OPEN_BUS];

async function fillReader(instances: Instances): Promise<void> {
  const reader = await instances.reader;
  await instances.writer;
  await reader.read(instances.key);
  await moment();
  await reader.read(instances.key);
}
