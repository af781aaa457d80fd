import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import { backends } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { cachingService } from '../support/caching-service.js';
import { samples } from '../support/prometheus-samples.js';

for (const backend of backends) {
  describe(`the metrics of the cache on ${backend.name}`, () => {
    const service = cachingService(backend, { CACHE_L1_MAX_ENTRIES: '1' });

    /** The sum over a metric's series, or one series of it. */
    async function sumOf(metric: string, label = ''): Promise<number> {
      const all = samples((await service().anyone.get('/metrics')).body);
      const series = all.filter(({ name, labels }) => name === metric && labels.includes(label));
      expect(series, `${metric} ${label}`).to.not.be.empty;
      return series.reduce((sum, { value }) => sum + value, 0);
    }

    it('has a series for each source from the start', async () => {
      for (const source of ['l1', 'l2', 'stored', 'miss', 'bypass']) {
        await sumOf('cache_reads_total', `source="${source}"`);
      }
    });

    it('distinguishes hits from loads', async () => {
      const path = `/v1/products/${await addProduct(service().admin)}`;
      const before = await sumOf('cache_reads_total');
      const loads = await sumOf('cache_loads_total');
      const hits = await sumOf('cache_reads_total', 'source="l1"');
      for (let i = 0; i < 5; i++) await service().anyone.get(path);
      expect(await sumOf('cache_reads_total')).to.equal(before + 5);
      expect(await sumOf('cache_loads_total')).to.equal(loads + 1);
      expect(await sumOf('cache_reads_total', 'source="l1"')).to.equal(hits + 4);
    });

    it('counts invalidations by the way they arrived', async () => {
      await addProduct(service().admin);
      expect(await sumOf('cache_invalidations_total', 'by="message"')).to.be.above(0);
    });

    it('counts evicted entries', async () => {
      const ids = [await addProduct(service().admin), await addProduct(service().admin)];
      const before = await sumOf('cache_evictions_total');
      for (const id of ids) await service().anyone.get(`/v1/products/${id}`);
      expect(await sumOf('cache_evictions_total')).to.be.above(before);
    });

    it('says that the cache is in sync', async () => {
      await eventually(async () => expect(await sumOf('cache_in_step')).to.equal(1));
    });
  });
}
