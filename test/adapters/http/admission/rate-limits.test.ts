import { expect } from 'chai';
import { type Service, startService } from '../../../../src/config/service.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient, type ApiResponse } from '../../../support/api-client.js';
import { backends, servers } from '../../../support/backends.js';
import { addProduct, tally } from '../../../support/shop.js';
import { Contract } from '../support/contract.js';
import { expectProblem } from '../support/problem.js';
import { samples } from '../support/prometheus-samples.js';
import { runningService } from '../support/running-service.js';

/** Few requests in a window that does not end during a test. */
const LIMITS = {
  TRUSTED_PROXIES: 'loopback',
  RATE_LIMIT_WINDOW_MS: '86400000',
  RATE_LIMIT_ADDRESS_READS: '5',
  RATE_LIMIT_ADDRESS_WRITES: '20',
  RATE_LIMIT_USER_READS: '4',
  RATE_LIMIT_USER_WRITES: '3',
};

/** Header fields that differ between two refusals of the same kind. */
const VARIABLE = ['x-request-id', 'date', 'ratelimit', 'retry-after'];

let addresses = 0;
/** The headers of a client that a proxy forwards, from an address that no other test uses. */
function elsewhere(): Record<string, string> {
  addresses += 1;
  return { 'X-Forwarded-For': `203.0.113.${addresses}` };
}

async function repeated(times: number, send: () => Promise<ApiResponse>): Promise<ApiResponse[]> {
  const answers: ApiResponse[] = [];
  while (answers.length < times) answers.push(await send());
  return answers;
}

const charge = (user: ApiClient, from: Record<string, string>) =>
  user.post('/v1/wallets/me/charges', { amount: 1 }, from);

for (const backend of backends) {
  describe(`rate limits on ${backend.name}`, () => {
    const service = runningService(backend, LIMITS);

    async function refused(limit: string): Promise<number> {
      const { body } = await service().anyone.get('/metrics');
      const counted = samples(body).filter(({ name }) => name === 'http_requests_refused_total');
      return counted.find(({ labels }) => labels.includes(`limit="${limit}"`))?.value ?? NaN;
    }

    it('refuse the reads of an address beyond its limit, wherever they are answered from', async () => {
      const { admin, anyone } = service();
      const id = await addProduct(admin);
      const before = await refused('address-reads');
      const from = elsewhere();
      const answers = await repeated(7, () => anyone.get(`/v1/products/${id}`, from));
      expect(tally(answers)).to.deep.equal({ 200: 5, 429: 2 });
      const last = answers.at(-1) as ApiResponse;
      expectProblem(last, 429, 'rate_limited');
      expect(last.body['violated-policies']).to.deep.equal(['address-reads']);
      expect(last.headers.get('cache-control')).to.equal('no-store');
      expect(last.headers.get('ratelimit-policy')).to.equal('"address-reads";q=5;w=86400');
      const seconds = Number(last.headers.get('retry-after'));
      expect(seconds).to.be.within(1, 86_400);
      expect(last.headers.get('ratelimit')).to.equal(`"address-reads";r=0;t=${seconds}`);
      expect(await refused('address-reads')).to.equal(before + 2);
      // Others are served, and so are operators.
      expect((await anyone.get(`/v1/products/${id}`, elsewhere())).status).to.equal(200);
      for (const probe of ['/healthz', '/readyz', '/metrics']) {
        expect((await anyone.get(probe, from)).status, probe).to.equal(200);
      }
    });

    it('count requests that are refused for other reasons, such as a wrong token', async () => {
      const thief = new ApiClient(service().service.url, 'no.valid.token');
      const from = elsewhere();
      const answers = await repeated(6, () => thief.get('/v1/wallets/me', from));
      expect(tally(answers)).to.deep.equal({ 401: 5, 429: 1 });
    });

    it('refuse the writes of a user from any address, and say before what remains', async () => {
      const alice = await service().customer('alice');
      const answers = await repeated(5, () => charge(alice, elsewhere()));
      expect(tally(answers)).to.deep.equal({ 201: 3, 429: 2 });
      const shown = answers.map(({ headers }) => headers.get('ratelimit') ?? '');
      const remaining = shown.map((text) => /"user-writes";r=(\d+);t=\d+/.exec(text)?.[1]);
      expect(remaining).to.deep.equal(['2', '1', '0', '0', '0']);
      expect(answers[0]?.headers.get('ratelimit-policy')?.split(', ')).to.have.members([
        '"address-writes";q=20;w=86400',
        '"user-writes";q=3;w=86400',
      ]);
      expectProblem(answers[4] as ApiResponse, 429, 'rate_limited');
      expect(answers[4]?.body['violated-policies']).to.deep.equal(['user-writes']);
      // A refused write changed nothing, and reads are counted apart.
      const { body } = await alice.get('/v1/wallets/me', elsewhere());
      expect(body).to.include({ balance: 3 });
      const bob = await service().customer('bob');
      expect((await charge(bob, elsewhere())).status).to.equal(201);
    });

    it('refuse the reads of a user, also those that need no token', async () => {
      const carol = await service().customer('carol');
      const answers = await repeated(3, () => carol.get('/v1/wallets/me', elsewhere()));
      answers.push(...(await repeated(3, () => carol.get('/v1/products', elsewhere()))));
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 429, 429]);
    });

    it('have the same head for each refusal, but for its id and its times', async () => {
      const frank = await service().customer('frank');
      const answers = await repeated(6, () => charge(frank, elsewhere()));
      const heads = answers.slice(3).map(({ status, headers }) => {
        const own = [...headers].filter(([name]) => !VARIABLE.includes(name));
        return { status, names: [...headers.keys()], own };
      });
      expect(heads[0]).to.include({ status: 429 });
      expect(heads).to.deep.equal(heads.map(() => heads[0]));
      const ids = answers.map(({ headers }) => headers.get('x-request-id'));
      expect(new Set(ids).size).to.equal(answers.length);
      for (const name of ['x-instance', 'content-security-policy', 'date']) {
        expect(heads[0]?.names).to.include(name);
      }
    });

    it('have no body for HEAD', async () => {
      const { anyone } = service();
      const from = elsewhere();
      const answers = await repeated(7, () => anyone.send('HEAD', '/v1/products', undefined, from));
      expect(tally(answers)).to.deep.equal({ 200: 5, 429: 2 });
      expect(answers.map(({ body }) => body)).to.deep.equal(answers.map(() => ''));
    });

    it('tell clients of public resources nothing, because shared caches store these answers', async () => {
      const { headers } = await service().anyone.get('/v1/products', elsewhere());
      expect(headers.get('ratelimit')).to.equal(null);
      expect(headers.get('ratelimit-policy')).to.equal(null);
    });

    it('do not apply to an exempt address', async () => {
      const dora = await service().customer('dora');
      const answers = await repeated(10, () => charge(dora, {}));
      expect(tally(answers)).to.deep.equal({ 201: 10 });
      expect(answers[0]?.headers.get('ratelimit')).to.equal(null);
    });

    it('answer as the OpenAPI document says', async () => {
      const contract = new Contract((await service().anyone.get('/openapi.json')).body);
      const erin = await service().customer('erin');
      const path = '/v1/wallets/me/charges';
      const operation = contract.operationFor('POST', path);
      if (!operation) throw new Error(`${path} is not declared`);
      const answers = await repeated(4, () => charge(erin, elsewhere()));
      expect(tally(answers)).to.deep.equal({ 201: 3, 429: 1 });
      expect(answers.flatMap((each) => contract.faultsOf(operation, each))).to.deep.equal([]);
    });
  });
}

describe('rate limits of two instances that share a Redis', () => {
  const first = runningService(servers, LIMITS);
  let second: Service;

  before(async () => {
    second = await startService(readSettings({ ...first().env, INSTANCE_ID: 'second' }));
  });
  after(() => second?.stop());

  it('count the writes of a user on both', async () => {
    const one = await first().customer('alice');
    const other = new ApiClient(second.url, one.token);
    expect((await charge(one, elsewhere())).status).to.equal(201);
    // The count of the other instance arrives with the answer to its first report.
    expect((await charge(other, elsewhere())).status).to.equal(201);
    expect((await charge(one, elsewhere())).status).to.equal(201);
    await eventually(async () => {
      expect((await charge(other, elsewhere())).status).to.equal(429);
    });
    await eventually(async () => {
      expect((await charge(one, elsewhere())).status).to.equal(429);
    });
    expect((await one.get('/v1/wallets/me')).body.balance).to.be.within(3, 5);
  });
});
