import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { backends } from '../../support/backends.js';
import { addProduct } from '../../support/shop.js';
import { startTestService, type TestService } from '../../support/test-service.js';

for (const backend of backends) {
  describe(`The staleness metric of an instance on ${backend.name}`, () => {
    let test: TestService;
    before(async () => {
      test = await startTestService(backend, { CACHE_STALENESS_SAMPLE: '1' });
    });
    after(() => test?.[Symbol.asyncDispose]());

    async function sample(name: string): Promise<number> {
      const { body } = await test.anyone.get('/metrics');
      const line = new RegExp(`^cache_staleness_seconds_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm');
      return Number(line.exec(body)?.[1]);
    }

    it('counts the reads after a write, and finds no stale answer', async () => {
      const product = await addProduct(test.admin);
      for (const price of [110, 120]) {
        expect((await test.admin.patch(`/v1/products/${product}`, { price })).status).to.equal(200);
      }
      // Each of three writes is sampled five times.
      await eventually(async () => expect(await sample('count')).to.equal(15));
      expect(await sample('sum')).to.be.lessThan(0.1);
    });
  });
}
