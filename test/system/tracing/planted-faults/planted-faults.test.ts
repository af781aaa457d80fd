import {
  describePlantedFaults,
  type PlantedFault,
} from '../../../support/planting/planted-faults.js';

const OVER_KAFKA = {
  suite: 'test/system/tracing/one-trace.test.js',
  caughtBy: 'leads from the request over outbox and Kafka to the consumer',
};

const TOGETHER = {
  suite: 'test/system/tracing/shared-work.test.js',
  caughtBy: 'each have a whole tree of their own, also where they share a transaction',
};

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'a message in the outbox without its trace',
    ...OVER_KAFKA,
    changes: [{ marker: 'trace-in-outbox', to: 'const traced = messages;' }],
  },
  {
    name: 'a record in Kafka without the headers of its trace',
    ...OVER_KAFKA,
    changes: [{ marker: 'trace-to-kafka', to: '' }],
  },
  {
    name: 'a consumer that does not read the headers',
    ...OVER_KAFKA,
    changes: [{ marker: 'trace-from-kafka', to: 'return content;' }],
  },
  {
    name: 'the work of a unit in the trace of the unit that began the transaction',
    ...TOGETHER,
    changes: [
      {
        marker: 'unit-in-its-own-trace',
        to: 'return work(recordSteps(tx, this.spans));',
      },
    ],
  },
  {
    name: 'a shared transaction in the trace of its first unit alone',
    ...TOGETHER,
    changes: [
      {
        marker: 'transaction-in-each-trace',
        to: 'for (const { work } of members.slice(0, 1)) {',
      },
    ],
  },
];

describePlantedFaults('The tests of traces catch', FAULTS);
