import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { ApiClient, type ApiResponse, answerOf } from '../../../support/api-client.js';
import { backends, embedded } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { Contract } from '../support/contract.js';
import { runningService } from '../support/running-service.js';

const ID = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

/** The table of API.md, and the route by which an owner reads a reservation. */
const ROUTES = [
  'POST /v1/products',
  'GET /v1/products',
  'GET /v1/products/popular',
  'GET /v1/products/{id}',
  'PATCH /v1/products/{id}',
  'GET /v1/products/{id}/stock',
  'POST /v1/products/{id}/restocks',
  'PUT /v1/products/{id}/likes/me',
  'DELETE /v1/products/{id}/likes/me',
  'GET /v1/wallets/me',
  'GET /v1/wallets/{userId}',
  'POST /v1/wallets/me/charges',
  'GET /v1/wallets/me/entries',
  'POST /v1/orders',
  'GET /v1/orders',
  'GET /v1/orders/{id}',
  'POST /v1/orders/{id}/payments',
  'POST /v1/orders/{id}/cancellations',
  'POST /v1/reservations',
  'GET /v1/reservations/{id}',
  'DELETE /v1/reservations/{id}',
  'POST /v1/reservations/{id}/confirmations',
  'GET /v1/order-requests/{id}',
];

describe('the OpenAPI document', () => {
  const service = runningService(embedded);
  let contract: Contract;

  before(async () => {
    contract = new Contract((await service().anyone.get('/openapi.json')).body);
  });

  it('is valid OpenAPI 3.1', async () => {
    const { body } = await service().anyone.get('/openapi.json');
    expect(body.openapi).to.match(/^3\.1\.\d+$/);
    const validator = new Validator();
    const result = await validator.validate(body);
    expect(result.errors ?? []).to.deep.equal([]);
    expect(result.valid).to.equal(true);
    expect(validator.version).to.equal('3.1');
  });

  it('is found invalid by the same validator when it is broken', async () => {
    const { body } = await service().anyone.get('/openapi.json');
    body.paths['/v1/products'].get.responses['200'].description = 7;
    expect((await new Validator().validate(body)).valid).to.equal(false);
  });

  it('declares the routes of the contract and no others', () => {
    const declared = contract.operations.map(({ method, path }) => `${method} ${path}`);
    expect(declared).to.have.members(ROUTES);
  });

  it('names each operation once', async () => {
    const { body } = await service().anyone.get('/openapi.json');
    const ids = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('declares, for each path, exactly the methods that the service allows', async () => {
    for (const [path, operations] of Map.groupBy(contract.operations, (o) => o.path)) {
      const answer = await service().anyone.send('OPTIONS', filled(path));
      const allowed = (answer.headers.get('allow') ?? '').split(', ');
      const declared = operations.map(({ method }) => method);
      const extra = declared.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS'];
      expect(allowed, path).to.have.members([...declared, ...extra]);
    }
  });

  it('declares a token exactly on the routes that require one', async () => {
    for (const operation of contract.operations) {
      const body = operation.body ? {} : undefined;
      const answer = await service().anyone.send(operation.method, filled(operation.path), body);
      const asked = answer.status === 401;
      expect(asked, `${operation.method} ${operation.path}`).to.equal(
        operation.security.length > 0,
      );
      expect(contract.faultsOf(operation, answer)).to.deep.equal([]);
    }
  });

  it('allows no members that it does not name', () => {
    for (const { responses, method, path, body } of contract.operations) {
      const schemas = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        status.startsWith('2') ? (content['application/json']?.schema ?? []) : [],
      );
      for (const schema of body ? [...schemas, body] : schemas) {
        for (const whole of contract.choices(schema)) {
          expect(whole, `${method} ${path}`).to.deep.include({ additionalProperties: false });
        }
      }
    }
  });
});

function filled(path: string): string {
  return path.replace('{id}', ID).replace('{userId}', 'alice');
}

/** A client that compares every answer with the document and records the differences. */
class CheckedClient extends ApiClient {
  readonly faults: string[] = [];
  readonly seen = new Set<string>();

  constructor(
    private readonly inner: ApiClient,
    private readonly contract: Contract,
  ) {
    super(inner.url, inner.token);
    this.api.use({
      onResponse: async ({ request, response }) => {
        this.#check(
          request.method,
          new URL(request.url).pathname,
          await answerOf(response.clone()),
        );
      },
    });
  }

  override async send(...args: Parameters<ApiClient['send']>): Promise<ApiResponse> {
    const [method, path] = args;
    const answer = await this.inner.send(...args);
    this.#check(method, path, answer);
    return answer;
  }

  #check(method: string, path: string, answer: ApiResponse): void {
    const operation = this.contract.operationFor(method, path.split('?')[0] ?? '');
    const request = `${method} ${path} -> ${answer.status}`;
    if (!operation) {
      this.faults.push(`${request}: not declared`);
      return;
    }
    this.seen.add(`${operation.method} ${operation.path} ${answer.status}`);
    const faults = this.contract.faultsOf(operation, answer);
    this.faults.push(...faults.map((fault) => `${request}: ${fault}`));
  }
}

for (const backend of backends) {
  describe(`answers on ${backend.name}, compared with the OpenAPI document`, () => {
    const service = runningService(backend);

    it('conform to the document, in the whole life of an order and in every refusal', async () => {
      const contract = new Contract((await service().anyone.get('/openapi.json')).body);
      const checked = (client: ApiClient) => new CheckedClient(client, contract);
      const admin = checked(service().admin);
      const user = checked(await service().customer('alice'));
      const anyone = checked(service().anyone);

      const id = await addProduct(admin, { price: 10 });
      const { sku } = (await anyone.get(`/v1/products/${id}`)).body;
      await admin.post('/v1/products', { sku, name: 'x', price: 1, category: 'x', stock: 1 });
      await admin.patch(`/v1/products/${id}`, { name: 'Other' });
      for (const path of [`/v1/products/${id}`, '/v1/products']) {
        await anyone.get(path, { 'If-None-Match': '*' });
        await anyone.get(path, { 'Lockstep-At-Least': 'x' });
        await anyone.get(path, { 'Lockstep-At-Least': '1' });
      }
      await admin.patch(`/v1/products/${id}`, { name: 'Other' }, { 'If-Match': '"0.0"' });
      await admin.patch(`/v1/products/${ID}`, { name: 'Other' });
      await admin.post(`/v1/products/${id}/restocks`, { quantity: 10_000 });
      await admin.post(`/v1/products/${ID}/restocks`, { quantity: 1 });
      await anyone.get('/v1/products?limit=1&category=test');
      await anyone.get('/v1/products?limit=0');
      await anyone.get(`/v1/products/${id}/stock`);
      await anyone.get(`/v1/products/${ID}`);
      await anyone.get(`/v1/products/${ID}/stock`);
      for (const method of ['PUT', 'DELETE']) {
        await user.send(method, `/v1/products/${id}/likes/me`);
        await user.send(method, `/v1/products/${ID}/likes/me`);
      }
      await user.get('/v1/wallets/me');
      await user.post('/v1/wallets/me/charges', { amount: 15 });
      await user.get('/v1/wallets/alice');
      await user.get('/v1/wallets/bob');
      await admin.get('/v1/wallets/bob');
      for (const paid of [true, false]) await lifeOfOrder(user, id, paid);
      const list = await user.get('/v1/orders?limit=1');
      await user.get('/v1/orders');
      await user.get('/v1/orders?cursor=x');
      await user.get('/v1/wallets/me/entries?limit=1');
      await user.get('/v1/wallets/me/entries');
      await user.get(`/v1/orders/${ID}`);
      const reservationPath = await lifeOfReservation(user, id);
      const queued = await user.post('/v1/orders', orderOf(id), { Prefer: 'respond-async' });
      const queuedPath = queued.headers.get('location') ?? '';
      await user.get(queuedPath);
      await user.get(`/v1/order-requests/${ID}`);
      const free = await addProduct(admin, { price: 0, stock: 0 });
      await user.post('/v1/orders', orderOf(free));
      await user.post('/v1/orders', orderOf(ID));
      await user.post('/v1/products', {});
      await user.post('/v1/orders', '{');
      await user.post('/v1/orders', 'x', { 'content-type': 'text/plain' });
      await user.post('/v1/orders', ' '.repeat(70_000));
      for (const amount of [1, 1, 2]) {
        await user.post('/v1/wallets/me/charges', { amount }, { 'Idempotency-Key': 'once' });
      }
      for (const { method, path, body } of contract.operations) {
        const nothing = body && {};
        await anyone.send(method, filled(path), nothing);
        await user.send(method, `${filled(path)}?unknown=1`, nothing);
        await admin.send(method, filled(path), body && { unknown: 1 });
        await admin.send(method, filled(path), body && {}, { 'If-Match': '"other"' });
      }
      const own = [
        ...['/v1/wallets/me', '/v1/wallets/alice', '/v1/wallets/me/entries', '/v1/orders'],
        ...[`/v1/orders/${list.body.items[0].id}`, reservationPath, queuedPath],
      ];
      const open = [`/v1/products/${id}/stock`, '/v1/products/popular?window=1d'];
      await readOnConditions(user, [...open, ...own]);

      await anyone.get('/v1/products/popular?window=1d');
      await anyone.get('/v1/products/popular?window=1h');
      const clients = [admin, user, anyone];
      expect(clients.flatMap(({ faults }) => faults)).to.deep.equal([]);
      const seen = new Set(clients.flatMap((client) => [...client.seen]));
      const successes = contract.operations.flatMap(({ method, path, responses }) =>
        Object.keys(responses)
          .filter((code) => code < '400')
          .map((status) => `${method} ${path} ${status}`),
      );
      expect([...seen]).to.include.members(successes);
    });
  });
}

async function readOnConditions(user: ApiClient, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await user.get(path, { 'If-None-Match': '*' });
    await user.get(path, { 'If-Match': '"other"' });
  }
}

/** Returns the path of a reservation. */
async function lifeOfReservation(user: ApiClient, productId: string): Promise<string> {
  const hold = () => user.post('/v1/reservations', { productId, quantity: 1, holdSeconds: 60 });
  const [one, two] = [await hold(), await hold()].map(({ body }) => `/v1/reservations/${body.id}`);
  for (let times = 0; times < 2; times++) await user.post(`${one}/confirmations`);
  await user.get(String(one));
  for (const path of [one, two, two]) await user.send('DELETE', String(path));
  await user.post(`${two}/confirmations`);
  await user.post('/v1/reservations', { productId, quantity: 10_000, holdSeconds: 60 });
  await user.post('/v1/reservations', { productId: ID, quantity: 1, holdSeconds: 60 });
  return String(one);
}

async function lifeOfOrder(user: ApiClient, productId: string, paid: boolean): Promise<void> {
  const { body } = await user.post('/v1/orders', orderOf(productId));
  const path = `/v1/orders/${body.id}`;
  const pay = () => user.post(`${path}/payments`, { method: 'points' });
  // The wallet contains the price of one order, so the second order meets an empty wallet.
  const byCard = (token: string) => user.post(`${path}/payments`, { method: 'card', token });
  expect((await pay()).status).to.equal(paid ? 201 : 409);
  if (!paid) {
    for (const token of ['tok_declined', 'tok_success', 'tok_success', '4242424242424242']) {
      await byCard(token);
    }
  }
  await user.post(`${path}/payments`, { method: 'cash' });
  await pay();
  await user.get(path);
  if (paid) return;
  for (let times = 0; times < 2; times++) await user.post(`${path}/cancellations`);
  await pay();
}
