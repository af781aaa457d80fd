import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const NOBODYS = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

for (const backend of backends) {
  describe(`likes on ${backend.name}`, () => {
    const service = runningService(backend, { LIKES_FLUSH_MS: '50' });
    let alice: ApiClient;
    let bob: ApiClient;
    let path: string;

    before(async () => {
      alice = await service().customer('alice');
      bob = await service().customer('bob');
    });

    beforeEach(async () => {
      path = `/v1/products/${await addProduct(service().admin)}`;
    });

    const like = (user: ApiClient) => user.send('PUT', `${path}/likes/me`);
    const unlike = (user: ApiClient) => user.send('DELETE', `${path}/likes/me`);

    async function shows(likes: number): Promise<void> {
      await eventually(async () => {
        expect((await service().anyone.get(path)).body.likes).to.equal(likes);
      });
    }

    it('answer 204 without a body, and count once a user', async () => {
      for (const user of [alice, bob, alice, service().admin]) {
        const { status, body } = await like(user);
        expect({ status, body }).to.deep.equal({ status: 204, body: '' });
      }
      await shows(3);
    });

    it('can be removed, also by a user who has no like', async () => {
      await like(alice);
      await shows(1);
      for (const user of [alice, alice, bob]) expect((await unlike(user)).status).to.equal(204);
      await shows(0);
      await like(alice);
      await shows(1);
    });

    it('count 60 for 60 users who each send three likes at once', async () => {
      const users = await Promise.all(
        Array.from({ length: 60 }, (_, i) => service().customer(`fan-${i}`)),
      );
      const answers = await Promise.all([...users, ...users, ...users].map(like));
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([204]));
      await shows(60);
    });

    it('count for users with any name, also with a dollar sign or quotes', async () => {
      const names = ['joe.$mith', '$$', '$1', "o'$brien", '\\', '?', ':id', 'JOE.$MITH'];
      for (const name of names) {
        expect((await like(await service().customer(name))).status).to.equal(204);
      }
      await like(alice);
      await shows(names.length + 1);
      // The count runs again and again. Likes that one run does not mark are counted again by the
      // next.
      await like(bob);
      await shows(names.length + 2);
      expect((await unlike(await service().customer('$$'))).status).to.equal(204);
      await shows(names.length + 1);
    });

    it('need a token and a product', async () => {
      for (const method of ['PUT', 'DELETE']) {
        expectProblem(await service().anyone.send(method, `${path}/likes/me`), 401, 'unauthorized');
        for (const id of [NOBODYS, 'x']) {
          const answer = await alice.send(method, `/v1/products/${id}/likes/me`);
          expectProblem(answer, 404, 'product_not_found');
        }
        const full = await alice.send(method, `${path}/likes/me`, { liked: true });
        expectProblem(full, 400, 'validation_failed');
      }
      expectProblem(await alice.get(`${path}/likes/me`), 405, 'method_not_allowed');
      expectProblem(await alice.send('PUT', `${path}/likes/bob`), 404, 'not_found');
    });

    it('change the tag of the product, but do not refuse an editor who read it before', async () => {
      const before = (await service().anyone.get(path)).headers.get('etag') ?? '';
      await like(alice);
      await shows(1);
      const after = await service().anyone.get(path);
      expect(after.headers.get('etag')).to.not.equal(before);
      expect(after.body.version).to.equal(1);
      const edit = await service().admin.patch(path, { price: 7 }, { 'If-Match': before });
      expect(edit.status).to.equal(200);
      expect(edit.body).to.include({ price: 7, likes: 1, version: 2 });
      await shows(1);
    });

    it('appear in the metrics', async () => {
      await like(alice);
      await shows(1);
      const { body } = await service().anyone.get('/metrics');
      expect(Number(/^likes_counted_total\{.*\} (\d+)$/m.exec(body)?.[1])).to.be.at.least(1);
    });
  });
}
