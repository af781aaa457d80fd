import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiResponse } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { blockEventLoop } from '../../../support/block-event-loop.js';
import { Contract } from '../support/contract.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

describe('an instance whose event loop is too late', () => {
  const service = runningService(embedded, { EVENT_LOOP_DELAY_MAX_MS: '100' });

  /** The answers to requests that arrive between long blocks of the event loop. */
  async function answersUnderLoad(path: string): Promise<ApiResponse[]> {
    const answers: Promise<ApiResponse>[] = [];
    for (let i = 0; i < 4; i += 1) {
      answers.push(service().anyone.get(path));
      // Enough for a new request to reach the service.
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      blockEventLoop(300);
    }
    return Promise.all(answers);
  }

  it('refuses requests with 503 before they cost work, and takes them again at once', async () => {
    const { anyone } = service();
    const contract = new Contract((await anyone.get('/openapi.json')).body);
    const operation = contract.operationFor('GET', '/v1/products');
    if (!operation) throw new Error('the list of products is not declared');
    const refused = (await answersUnderLoad('/v1/products')).filter(({ status }) => status !== 200);
    expect(refused).to.have.length.above(0);
    for (const answer of refused) {
      expectProblem(answer, 503, 'overloaded');
      expect(answer.headers.get('retry-after')).to.equal('1');
      expect(answer.headers.get('x-instance')).to.be.a('string');
      expect(contract.faultsOf(operation, answer)).to.deep.equal([]);
    }
    await eventually(async () => expect((await anyone.get('/v1/products')).status).to.equal(200));
  });

  it('is alive, but not ready', async () => {
    const alive = await answersUnderLoad('/healthz');
    expect(alive.map(({ status }) => status)).to.deep.equal(alive.map(() => 200));
    const ready = await answersUnderLoad('/readyz');
    const states = ready.map(({ status, body }) => `${status} ${body.status}`);
    expect(states).to.include('503 overloaded');
    await eventually(async () =>
      expect((await service().anyone.get('/readyz')).status).to.equal(200),
    );
  });
});
