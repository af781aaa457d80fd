import { expect } from 'chai';
import fc from 'fast-check';
import type { ApiClient, ApiResponse } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { type BadRequest, badRequests } from '../support/bad-requests.js';
import { Contract } from '../support/contract.js';
import { dump } from '../support/database-dump.js';
import { expectProblemForm } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const SEED = Number(process.env['BAD_REQUESTS_SEED'] ?? 20_260_108);
const RUNS = Number(process.env['BAD_REQUESTS'] ?? 800);

for (const backend of backends) {
  describe(`bad requests made from the OpenAPI document, on ${backend.name}`, () => {
    const service = runningService(backend);

    it(`are all refused with a problem and change nothing (${RUNS}, seed ${SEED})`, async () => {
      const { admin, env, anyone } = service();
      const productId = await addProduct(admin);
      const order = await admin.post('/v1/orders', orderOf(productId));
      const held = { productId, quantity: 1, holdSeconds: 3_600 };
      const reservation = await admin.post('/v1/reservations', held);
      const known = {
        productId,
        orderId: order.body.id,
        reservationId: reservation.body.id,
        userId: 'admin',
      };
      const contract = new Contract((await anyone.get('/openapi.json')).body);
      const before = await dump(env);
      const met = new Set<string>();
      await fc.assert(
        fc.asyncProperty(badRequests(contract, known), async (request) => {
          const answer = await ask(admin, request);
          expect(answer.status, JSON.stringify(answer.body)).to.be.within(400, 499);
          expectProblemForm(answer);
          const path = request.path.split('?')[0] ?? '';
          const operation = contract.operationFor(request.method, path);
          if (operation) expect(contract.faultsOf(operation, answer)).to.deep.equal([]);
          met.add(`${answer.status} ${request.fault.split(',')[0]}`);
        }),
        { seed: SEED, numRuns: RUNS },
      );
      expect(await dump(env)).to.deep.equal(before);
      for (const { method, path } of contract.operations) {
        expect([...met].some((line) => line.endsWith(`${method} ${path}`))).to.equal(true);
      }
      for (const status of [400, 401, 404, 413, 415]) {
        expect(
          [...met].some((line) => line.startsWith(`${status}`)),
          `${status}`,
        ).to.equal(true);
      }
    });
  });
}

function ask(client: ApiClient, { method, path, body, headers }: BadRequest): Promise<ApiResponse> {
  return client.send(method, path, body, { ...headers });
}
