import {
  describePlantedFaults,
  type PlantedFault,
} from '../../../support/planting/planted-faults.js';

const suite = 'test/adapters/persistence/batches/batches.test.js';
const statements = 'test/adapters/persistence/round-trips.test.js';

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'a refusal that leaves its changes in the batch',
    suite,
    caughtBy: 'in memory undoes everything that a refused unit of a batch did, also what it saved',
    changes: [{ marker: 'refused-member-undone', to: 'this.#undo.length = 0;' }],
  },
  {
    name: 'a refusal that commits what it wrote by itself',
    suite,
    caughtBy:
      'in MySQL runs the units of a batch in separate transactions when one is refused after a direct write',
    changes: [
      {
        marker: 'written-refusal-rolled-back',
        to: 'if (!(error instanceof DomainError)) throw error;',
      },
    ],
  },
  {
    name: 'idempotency records and events of a batch that was rolled back',
    suite,
    caughtBy:
      'in MySQL answers a member with the record that its key has by now, and places the others',
    changes: [{ marker: 'failed-batch-rolled-back', to: 'await tx.commit();' }],
  },
  {
    name: 'an answer before the commit',
    suite,
    caughtBy: 'in memory decides the orders of a batch one by one when the database refuses it',
    changes: [
      {
        marker: 'batch-committed-before-answer',
        to: 'for (const settle of outcomes) settle(); await tx.commit();',
      },
    ],
  },
  {
    name: 'a commit of units whose lease is lost',
    suite,
    caughtBy: 'in memory fails only the units whose lease is lost',
    changes: [{ marker: 'batch-lease-checked', to: '' }],
  },
  {
    name: 'quotas that do not count the orders of the same batch',
    suite,
    caughtBy: 'in memory counts what a customer orders in the same batch against the quotas',
    changes: [{ marker: 'batch-counts-its-own-orders', to: '' }],
  },
  {
    name: 'a quota of units that does not count the orders of the same batch',
    suite,
    caughtBy: 'in memory counts what a customer orders in the same batch against the quotas',
    changes: [{ marker: 'batch-counts-its-own-units', to: '' }],
  },
  {
    name: 'a transaction that goes on after a failed statement',
    suite: statements,
    caughtBy:
      'on MySQL are refused after one that failed, and so is the commit, but not the rollback',
    changes: [{ marker: 'statement-after-failure-refused', to: 'if (this.#isEnded) {' }],
  },
  {
    name: 'a statement that is sent after the failure of one that was on its way',
    suite: statements,
    caughtBy: 'on MySQL are not run when one fails that was on its way, and fail with its error',
    changes: [{ marker: 'waiting-after-failure-refused', to: '' }],
  },
];

describePlantedFaults('The tests of batches and of statements catch', FAULTS);
