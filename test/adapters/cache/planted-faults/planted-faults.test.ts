import { expect } from 'chai';
import { PlantedCopy } from '../../../support/planting/planted-copy.js';
import { plantedFaults } from './planted-fault.js';

const ADAPTERS = ['cache', 'lock', 'redis', 'timeouts'].map((room) => `src/adapters/${room}`);
const PARTS = [...ADAPTERS, 'src/domain', 'src/experiments/support', 'test', 'tools'];

describe('The coherence cases of the cache catch', function () {
  this.timeout(240_000);
  let copy: PlantedCopy;
  before(async () => {
    copy = await PlantedCopy.make(PARTS);
  });
  after(() => copy.remove());
  afterEach(() => copy.heal());

  for (const { name, caughtBy, changes } of plantedFaults) {
    it(`${name}, by: ${caughtBy}`, async () => {
      copy.plant(changes);
      const suite = 'test/adapters/cache/coherence.test.js';
      expect(await copy.failures(suite, caughtBy, 60_000)).to.deep.equal([caughtBy]);
    });
  }
});
