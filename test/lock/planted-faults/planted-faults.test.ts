import { expect } from 'chai';
import { RedisServer } from '../redis-server.js';
import { PlantedCopy } from './planted-copy.js';
import { plantedFaults } from './planted-fault.js';

describe('The lock contract catches', function () {
  this.timeout(30_000);
  let server: RedisServer;
  let copy: PlantedCopy;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    copy = await PlantedCopy.make();
  });
  afterEach(() => copy.remove());

  it('nothing in a copy without a fault', async () => {
    expect(await copy.failures(server.url)).to.deep.equal([]);
    expect(await copy.failures(undefined)).to.deep.equal([]);
  });

  for (const fault of plantedFaults) {
    it(`${fault.name}, by: ${fault.caughtBy}`, async () => {
      await copy.plant(fault);
      const url = fault.lock === 'redis' ? server.url : undefined;
      expect(await copy.failures(url, fault.caughtBy)).to.deep.equal([fault.caughtBy]);
    });
  }
});
