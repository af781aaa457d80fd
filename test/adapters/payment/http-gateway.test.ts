import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { v7 } from 'uuid';
import {
  type GatewaySettings,
  HttpPaymentGateway,
} from '../../../src/adapters/payment/http-payment-gateway.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { rejection } from '../../support/rejection.js';

const ATTEMPTS = 3;

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const silent: Behaviour = () => {};
const broken: Behaviour = (request) => request.socket.destroy();
const failing =
  (status: number): Behaviour =>
  (request, response) => {
    response.writeHead(status, echo(request)).end('{}');
  };
const authorising: Behaviour = (request, response) => {
  response.writeHead(200, echo(request)).end('{"status":"authorised"}');
};
const nonsense: Behaviour = (request, response) => {
  response.writeHead(200, echo(request)).end('{"status":"perhaps"}');
};
const anothers: Behaviour = (_, response) => {
  response.writeHead(200, { 'Request-Id': 'of another' }).end('{"status":"authorised"}');
};

function echo(request: IncomingMessage): Record<string, string> {
  return { 'Request-Id': String(request.headers['request-id']) };
}

describe('The payment gateway over HTTP', () => {
  let resources: AsyncDisposableStack;
  let seen: IncomingMessage[];
  let behaviours: Behaviour[];
  let calls: string[];
  let url: string;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    [seen, behaviours, calls] = [[], [], []];
    const server = createServer((request, response) => {
      seen.push(request);
      (behaviours.shift() ?? authorising)(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    resources.defer(async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(() => resources.disposeAsync());

  /** A long timeout, except in a test without an answer. */
  function gatewayWith(options: Partial<GatewaySettings> = {}): HttpPaymentGateway {
    const observer = {
      called: (call: string, outcome: string) => calls.push(`${call} ${outcome}`),
    };
    const settings = { url, key: 'secret', timeoutMs: 30_000, attempts: ATTEMPTS, ...options };
    return new HttpPaymentGateway(settings, observer);
  }

  const request = () => ({ reference: v7(), orderId: v7(), amount: 5, token: 'tok_private' });
  const keysSeen = () => [...new Set(seen.map(({ headers }) => headers['idempotency-key']))];

  for (const [what, behaviour] of [
    ['a broken connection', broken],
    ['a 500', failing(500)],
    ['a 429', failing(429)],
    ['the response of another request', anothers],
    ['an invalid response', nonsense],
  ] as const) {
    it(`asks again under the same key after ${what}`, async () => {
      behaviours = [behaviour, behaviour];
      const asked = request();
      const charge = await gatewayWith().authorise(asked);
      expect(charge.status).to.equal('authorised');
      expect(seen).to.have.length(ATTEMPTS);
      expect(keysSeen()).to.deep.equal([`${asked.reference}:authorise`]);
      expect(calls).to.deep.equal(['authorise authorised']);
    });
  }

  it('reports a gateway that does not respond as unavailable', async () => {
    behaviours = [silent, silent, silent];
    const error = await rejection(gatewayWith({ timeoutMs: 50 }).authorise(request()));
    expect(error).to.be.instanceOf(DependencyUnavailableError);
    expect(error).to.have.property('dependency', 'payment_gateway');
    expect(calls).to.deep.equal(['authorise failed']);
  });

  it('does not repeat a request that the gateway refuses', async () => {
    behaviours = [failing(401)];
    const error = await rejection(gatewayWith().authorise(request()));
    expect(error).to.be.instanceOf(DependencyUnavailableError);
    expect(seen).to.have.length(1);
  });

  it('uses one idempotency key for each step of a charge, in every process', async () => {
    const asked = request();
    for (const gateway of [gatewayWith(), gatewayWith()]) {
      await gateway.authorise(asked);
      for (const step of ['capture', 'void', 'refund'] as const) {
        await gateway[step](asked.reference);
      }
    }
    const steps = ['authorise', 'capture', 'void', 'refund'];
    expect(keysSeen()).to.deep.equal(steps.map((step) => `${asked.reference}:${step}`));
  });

  for (const [what, breakMs, sent] of [
    ['leaves a gateway alone', 3_600_000, 0],
    ['comes back to a gateway', 1, 1],
  ] as const) {
    it(`${what} that failed five times in a row`, async () => {
      behaviours = Array.from({ length: 5 * ATTEMPTS }, () => broken);
      const gateway = gatewayWith({ breakMs });
      for (let i = 0; i < 5; i++) await rejection(gateway.find(v7()));
      expect(behaviours).to.deep.equal([]);
      seen = [];
      await eventually(async () => {
        const charge = await gateway.find(v7()).catch(() => undefined);
        expect(charge !== undefined).to.equal(sent > 0);
      });
      expect(seen).to.have.length(sent);
    });
  }

  it('puts the token neither into errors nor into URLs', async () => {
    for (const behaviour of [broken, failing(400), nonsense]) {
      behaviours = Array.from({ length: ATTEMPTS }, () => behaviour);
      const error = await rejection(gatewayWith().authorise(request()));
      for (let cause = error; cause instanceof Error; cause = cause.cause) {
        expect(`${cause.stack}${JSON.stringify(cause)}`).not.to.include('tok_private');
      }
    }
    expect(seen.map(({ url: path }) => path).join()).not.to.include('tok_private');
  });
});
