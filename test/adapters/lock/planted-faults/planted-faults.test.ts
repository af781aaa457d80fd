import { expect } from 'chai';
import { PlantedCopy } from '../../../support/planting/planted-copy.js';
import { RedisServer } from '../support/redis-server.js';
import { plantedFaults } from './planted-fault.js';

const PARTS = [
  'src/adapters/lock',
  'src/adapters/redis',
  'src/adapters/timeouts',
  'test/contract',
  'test/adapters/lock',
  'tools',
];
const SUITE = 'test/adapters/lock/planted-faults/contract-process.js';

describe('The lock contract catches', function () {
  this.timeout(240_000);
  let server: RedisServer;
  let copy: PlantedCopy;
  before(async () => {
    server = await RedisServer.start();
    copy = await PlantedCopy.make(PARTS);
  });
  after(async () => {
    await copy.remove();
    await server.stop();
  });
  afterEach(() => copy.heal());

  /** The failures of the contract, for a lock on Redis when there is a URL, or else in memory. */
  const failures = (url: string | undefined, caughtBy?: string) => {
    const title = caughtBy && `contract ${caughtBy}`;
    return copy.failures(SUITE, title, 60_000, { PLANTED_REDIS_URL: url ?? '' });
  };

  it('nothing in a copy without a fault', async () => {
    const found = await Promise.all([failures(server.url), failures(undefined)]);
    expect(found.flat()).to.deep.equal([]);
  });

  for (const { name, caughtBy, faults, lock } of plantedFaults) {
    it(`${name}, by: ${caughtBy}`, async () => {
      copy.plant(faults);
      const url = lock === 'redis' ? server.url : undefined;
      expect(await failures(url, caughtBy)).to.deep.equal([caughtBy]);
    });
  }
});
