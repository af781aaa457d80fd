import { describePlantedFaults, type PlantedFault } from '../../support/planting/planted-faults.js';

const suite = 'test/system/restore/after-restore.test.js';

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'a restored database that keeps its id',
    suite,
    caughtBy: 'on SQLite gives the database another id each time, and keeps its secret',
    changes: [{ marker: 'restored-id', to: '' }],
  },
  {
    name: 'open requests that are not queued again',
    suite,
    caughtBy:
      'on SQLite queues every open request once, in the order of acceptance, and no settled one',
    changes: [{ marker: 'restored-requests', to: '' }],
  },
  {
    name: 'a request of the lost time that is settled',
    suite: 'test/adapters/queue/delivery-rules.test.js',
    caughtBy: 'skips requests of the database before its restore, and settles the others',
    changes: [{ marker: 'restored-messages', to: 'const own = orders;' }],
  },
];

describePlantedFaults('The tests of a restore catch', FAULTS);
