import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { HttpServer } from '../../../../src/adapters/http/http-server.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { embedded } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem, expectProblemForm } from '../support/problem.js';
import { samples } from '../support/prometheus-samples.js';
import { exchange, exchangeText, parse, send, textUntilClosed } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
/** More bytes than the system buffers for a client that does not read. */
const LARGE_FILES = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(15);

describe('connections of clients that are slow or send too many requests', () => {
  const service = runningService(embedded, {
    HTTP_HEADERS_MS: '1000',
    HTTP_REQUEST_MS: '1500',
    HTTP_STALL_MS: '1000',
    HTTP_MAX_PIPELINED: '20',
    INSTANCE_ID: 'instance-7',
  });
  const url = () => service().service.url;

  async function cutOff(reason: string): Promise<number> {
    const { body } = await service().anyone.get('/metrics');
    const sample = samples(body).find(
      ({ name, labels }) =>
        name === 'http_connections_cut_off_total' && labels.includes(`reason="${reason}"`),
    );
    return sample?.value ?? 0;
  }

  it('get the answers to pipelined requests in the order of the requests', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const requests = ids.map((id, i) => {
      // Paths whose answers take different times.
      const path = i % 2 === 0 ? '/readyz' : '/healthz';
      return `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\n\r\n`;
    });
    const text = await exchangeText(url(), requests.join('') + LAST);
    const answered = [...text.matchAll(/^X-Request-Id: (\w+)\r$/gim)].map(([, id]) => id);
    expect(answered.slice(0, ids.length)).to.deep.equal(ids);
  });

  it('get the answer to each of two pipelined requests with bodies', async () => {
    const { admin } = service();
    const id = await addProduct(admin, { stock: 10 });
    const body = JSON.stringify(orderOf(id));
    const order =
      `POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${admin.token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const text = await exchangeText(url(), order + order + LAST);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).to.deep.equal(['201', '201', '200']);
    expect((await admin.get(`/v1/products/${id}/stock`)).body.available).to.equal(8);
  });

  it('are closed when too many requests wait', async () => {
    const before = await cutOff('pipelined');
    const text = await exchangeText(url(), HEALTH.repeat(1_300));
    expect(text.split('HTTP/1.1 200').length - 1).to.be.at.most(1);
    expect(await cutOff('pipelined')).to.equal(before + 1);
  });

  it('are closed when the client reads nothing of an answer', async () => {
    const before = await cutOff('stalled');
    const socket = await send(url(), LARGE_FILES);
    await eventually(async () => expect(await cutOff('stalled')).to.equal(before + 1));
    await textUntilClosed(socket);
  });

  it('may be idle between two requests', async () => {
    const socket = await send(url(), HEALTH);
    await once(socket, 'data');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    socket.write(LAST);
    expect(String((await once(socket, 'data'))[0])).to.match(/^HTTP\/1\.1 200/);
  });

  const late: [what: string, bytes: string][] = [
    ['nothing', ''],
    ['half a header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: '],
    [
      'half a body',
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        'Content-Length: 100\r\n\r\n{"items":',
    ],
  ];
  for (const [what, bytes] of late) {
    it(`get 408 when they send ${what} and no more`, async () => {
      const socket = await send(url(), bytes);
      const drip = setInterval(() => bytes && socket.write('x'), 300);
      const answer = parse(await textUntilClosed(socket));
      clearInterval(drip);
      expectProblem(answer, 408, 'request_timeout');
      expect(answer.headers.get('connection')).to.equal('close');
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(answer.headers.get('x-instance')).to.equal('instance-7');
      expect(answer.headers.get('x-request-id')).to.be.a('string');
    });
  }

  it('get nothing more when the body of an answered request does not arrive', async () => {
    const head = 'POST /v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n';
    const text = await exchangeText(url(), `${head}Content-Length: 100\r\n\r\nhalf`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 404']);
  });

  it('get 431 for headers that are too large', async () => {
    const answer = await exchange(
      url(),
      `${HEALTH.slice(0, -2)}X-A: ${'a'.repeat(40_000)}\r\n\r\n`,
    );
    expectProblem(answer, 431, 'header_fields_too_large');
    expect(answer.headers.get('connection')).to.equal('close');
  });

  it('get 413 for a chunk with extensions that are too large', async () => {
    const head =
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n';
    const answer = await exchange(url(), `${head}2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`);
    expectProblem(answer, 413, 'payload_too_large');
  });

  it('get the answers to the valid requests, and then a problem for the rest', async () => {
    const text = await exchangeText(url(), `${HEALTH}${HEALTH}hello\r\n\r\n`);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).to.deep.equal(['200', '200', '400']);
    expectProblemForm(parse(text.slice(text.lastIndexOf('HTTP/1.1'))));
  });
});

describe('connections above the limit of an instance', () => {
  const service = runningService(embedded, { HTTP_MAX_CONNECTIONS: '3' });

  it('are closed at once, and the earlier connections stay open', async () => {
    const { url } = service().service;
    const open: Socket[] = [];
    for (let i = 0; i < 3; i++) {
      const socket = await send(url, HEALTH);
      await once(socket, 'data');
      open.push(socket);
    }
    expect(await exchangeText(url, HEALTH)).to.equal('');
    for (const socket of open) {
      socket.write(LAST);
      expect(String((await once(socket, 'data'))[0])).to.match(/^HTTP\/1\.1 200/);
    }
    await eventually(async () =>
      expect((await service().anyone.get('/healthz')).status).to.equal(200),
    );
  });
});

describe('unread answers above the limit of an instance', () => {
  const service = runningService(embedded, {
    HTTP_MAX_UNSENT_BYTES: '1',
    HTTP_STALL_MS: '600000',
  });

  it('close the connections of the slowest clients', async () => {
    const socket = await send(service().service.url, LARGE_FILES);
    await eventually(async () => {
      const { body } = await service().anyone.get('/metrics');
      expect(body).to.match(/^http_connections_cut_off_total\{reason="unsent".*\} 1$/m);
    });
    socket.destroy();
  });
});

describe('the requests that wait on one connection', () => {
  it('take turns with those of other connections, also when each is answered at once', async () => {
    const handled: string[] = [];
    let other: Socket | undefined;
    const server = new HttpServer((req, res) => {
      handled.push(req.url ?? '');
      // The system has it before the first answer is sent.
      if (handled.length === 1) other?.write('GET /other HTTP/1.1\r\nHost: x\r\n\r\n');
      res.end('done');
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${port}`;
    other = await send(url, '');
    const waiting = await send(url, 'GET /waits HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(30));
    await eventually(() => expect(handled).to.have.length(31));
    expect(handled.indexOf('/other')).to.be.within(1, 10);
    for (const socket of [other, waiting]) socket.destroy();
    await server.close(1_000);
  });

  it('leave time for other connections after an answer that refused one of them', async () => {
    const handled: string[] = [];
    const server = new HttpServer((req, res) => {
      handled.push(req.url ?? '');
      res.statusCode = req.url === '/refused' ? 429 : 200;
      res.end('done');
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${port}`;
    const flood = await send(url, 'GET /refused HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(40));
    for (let i = 0; i < 60; i += 1) await fetch(`${url}/usual`);
    // With a request in each turn of the event loop the flood would be over by now.
    expect(handled.filter((path) => path === '/refused').length).to.be.within(1, 39);
    flood.destroy();
    await server.close(1_000);
  });

  /** Connects to a server that refuses everything, and sends more once the first of four requests is answered. */
  async function afterRefusals(more: string, onForcedClose?: (reason: string) => void) {
    const handled: string[] = [];
    const server = new HttpServer(async (req, res) => {
      let length = 0;
      for await (const chunk of req) length += (chunk as Buffer).length;
      handled.push(`${req.url} ${length}`);
      res.statusCode = 429;
      res.end('refused');
    }, onForcedClose && { onForcedClose });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const refused = 'GET /refused HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(4);
    const socket = await send(`http://127.0.0.1:${port}`, refused);
    const [first] = await once(socket, 'data');
    socket.write(more);
    const text = `${first}${await textUntilClosed(socket)}`;
    await server.close(1_000);
    return { handled, answers: text.split('HTTP/1.1 429').length - 1 };
  }

  it('are handled in their order, with their bodies, while they are refused', async () => {
    // Several that share a slice of 1 KiB, bodies of several slices, and slices in which no request ends.
    const sizes = [
      ...[
        { head: 0, body: 0 },
        { head: 0, body: 3_000 },
        { head: 0, body: 1_300 },
      ],
      ...[
        { head: 900, body: 0 },
        { head: 900, body: 0 },
        { head: 900, body: 0 },
      ],
    ];
    const requests = sizes.map(({ head, body }, i) => {
      const end = i === sizes.length - 1 ? 'Connection: close\r\n' : '';
      const lines = `POST /${i} HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(head)}\r\n${end}`;
      return `${lines}Content-Length: ${body}\r\n\r\n${'b'.repeat(body)}`;
    });
    const { handled, answers } = await afterRefusals(requests.join(''));
    expect(handled.slice(4)).to.deep.equal(sizes.map(({ body }, i) => `/${i} ${body}`));
    expect(answers).to.equal(10);
  });

  it('are closed when they have too many bytes after a refusal', async () => {
    const closed: string[] = [];
    const large = `GET / HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(900)}\r\n\r\n`;
    const { handled } = await afterRefusals(large.repeat(300), (reason) => closed.push(reason));
    expect(closed).to.deep.equal(['pipelined']);
    expect(handled.length).to.be.below(10);
  });

  it('may be one on each connection, however many wait on others', async () => {
    const last = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const answers: (() => void)[] = [];
    let cutOff = 0;
    const server = new HttpServer((_req, res) => void answers.push(() => res.end('done')), {
      onForcedClose: () => {
        cutOff += 1;
      },
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${port}`;
    // As short as can be, because they are parsed while they fit into a slice of 1 KiB.
    const many = 'GET / HTTP/1.1\r\n\r\n'.repeat(51);
    const flood = await Promise.all(Array.from({ length: 101 }, () => send(url, many)));
    // All together may be 5,000, and each of the first hundred has 50.
    await eventually(() => expect(cutOff).to.equal(1));
    const customer = await send(url, `GET /first HTTP/1.1\r\nHost: x\r\n\r\n${last}`);
    await eventually(() => expect(answers).to.have.length(102));
    for (const socket of flood) socket.destroy();
    const answering = setInterval(() => answers.pop()?.(), 1);
    const text = await textUntilClosed(customer);
    clearInterval(answering);
    expect(text.split('HTTP/1.1 200').length - 1).to.equal(2);
    await server.close(1_000);
  });
});
