import { expect } from 'chai';
import { backends } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const ODD_NAMES = [
  '차 한 잔 🍵',
  '👩‍👩‍👧‍👦 family tea',
  'é e\u0301',
  '𝒯ea \u{10FFFF}',
  'عربي עברית',
  `quotes ' " \` \\ \\' \\" \\0 \\n`,
  '$1 ? :name ?? $bind {{x}} %s',
  "Robert'); DROP TABLE products;--",
  '<script>alert(1)</script>',
  'NULL',
  '__proto__',
  'x'.repeat(200),
  '차'.repeat(200),
];

const REFUSED_NAMES = [
  '',
  ' ',
  ' x',
  'x ',
  '\u00a0x',
  'a\nb',
  'a\tb',
  'a\u0000b',
  '\u0000',
  'a\u001bb',
  'a\u007fb',
  'a\u0085b',
  'x'.repeat(201),
];

for (const backend of backends) {
  describe(`text on ${backend.name}`, () => {
    const service = runningService(backend);
    const product = { price: 1, category: 'text', stock: 1 };
    let serial = 0;
    const sku = () => `TEXT-${++serial}`;

    for (const name of ODD_NAMES) {
      it(`gives the name ${JSON.stringify(name.slice(0, 40))} back as it was`, async () => {
        const { admin, anyone } = service();
        const created = await admin.post('/v1/products', { ...product, sku: sku(), name });
        expect(created.status, JSON.stringify(created.body)).to.equal(201);
        expect((await anyone.get(`/v1/products/${created.body.id}`)).body.name).to.equal(name);
        const id = await addProduct(admin);
        await admin.patch(`/v1/products/${id}`, { name });
        expect((await anyone.get(`/v1/products/${id}`)).body.name).to.equal(name);
      });
    }

    for (const name of REFUSED_NAMES) {
      it(`refuses the name ${JSON.stringify(name.slice(0, 40))}`, async () => {
        const { admin } = service();
        const created = await admin.post('/v1/products', { ...product, sku: sku(), name });
        expectProblem(created, 400, 'validation_failed');
      });
    }

    it('counts a name of 200 characters as its document does, beyond the basic plane too', async () => {
      const { admin, anyone } = service();
      const name = '🍵'.repeat(200);
      const created = await admin.post('/v1/products', { ...product, sku: sku(), name });
      expect(created.status, JSON.stringify(created.body)).to.equal(201);
      expect((await anyone.get(`/v1/products/${created.body.id}`)).body.name).to.equal(name);
      const longer = { ...product, sku: sku(), name: `${name}🍵` };
      expectProblem(await admin.post('/v1/products', longer), 400, 'validation_failed');
    });

    it('refuses half a character', async () => {
      for (const half of ['\\ud83c', '\\udf75', '\\udf75\\ud83c']) {
        const body = `{"sku":"${sku()}","name":"x${half}y","price":1,"category":"c","stock":1}`;
        expectProblem(await service().admin.post('/v1/products', body), 400, 'validation_failed');
      }
    });

    it('refuses a sku that is not plain', async () => {
      for (const odd of ['', ' ', 'a b', 'é', '차', '-a', 'a/b', `${'a'.repeat(65)}`, 'a\n', 7]) {
        const answer = await service().admin.post('/v1/products', {
          ...product,
          sku: odd,
          name: 'x',
        });
        expectProblem(answer, 400, 'validation_failed');
      }
    });

    it('distinguishes categories by every character', async () => {
      const { admin, anyone } = service();
      const categories = ['Tea🍵', 'tea🍵', 'té🍵', 'te\u0301🍵', "t'a🍵", 'tea🍶'];
      for (const category of categories) await addProduct(admin, { category });
      for (const category of categories) {
        const page = await anyone.get(`/v1/products?category=${encodeURIComponent(category)}`);
        expect(page.body.items.map((item: typeof product) => item.category)).to.deep.equal([
          category,
        ]);
      }
    });

    it('distinguishes users by every character', async () => {
      const names = ['Ann', 'ann', 'ann.', 'ann:1', "ann'", 'ann\\', 'ann"', '%61nn', '../ann'];
      for (const [i, name] of names.entries()) {
        const user = await service().customer(name);
        const charged = await user.post('/v1/wallets/me/charges', { amount: i + 1 });
        expect(charged.body.wallet).to.deep.equal({ userId: name, balance: i + 1, version: 1 });
      }
      for (const [i, name] of names.entries()) {
        const seen = await service().admin.get(`/v1/wallets/${encodeURIComponent(name)}`);
        expect(seen.body).to.deep.equal({ userId: name, balance: i + 1, version: 1 });
      }
    });

    it("shows an admin no other user's wallet than the one asked for", async () => {
      const user = await service().customer('padded');
      await user.post('/v1/wallets/me/charges', { amount: 9 });
      for (const name of ['padded ', 'padded\0', 'PADDED', ' padded']) {
        const seen = await service().admin.get(`/v1/wallets/${encodeURIComponent(name)}`);
        if (seen.status === 200) expect(seen.body).to.include({ userId: name, balance: 0 });
        else expectProblem(seen, 404, 'not_found');
      }
    });
  });
}
