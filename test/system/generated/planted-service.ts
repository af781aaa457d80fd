import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

const PRODUCT = {
  ...{ id: '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c', sku: 'a', name: 'a', price: 1 },
  ...{ category: 'a', likes: 0, version: 1, updatedAt: '2026-01-01T00:00:00.000Z' },
};
const COMMON = { 'X-Request-Id': 'a', 'X-Instance': 'planted' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const PROBLEM_TYPE = { 'Content-Type': 'application/problem+json' };

const problem = (status: number, code: string) => ({
  ...{ type: `/problems/${code}`, title: code, status, detail: 'Planted.', code },
});

interface Fault {
  readonly paths: RegExp;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: object;
  /** The name of the fault in the report. */
  readonly found: string;
}

/** An answer that the contract forbids, for the paths of this fault. */
export const FAULTS: readonly Fault[] = [
  {
    ...{ paths: /^\/v1\/products\/popular/, status: 200, body: {} },
    headers: { ...COMMON, ...JSON_TYPE, 'Cache-Status': 'lockstep-l1; hit' },
    found: 'Response violates schema',
  },
  {
    ...{ paths: /^\/v1\/products\/[^/]+$/, status: 200, body: PRODUCT },
    headers: { ...COMMON, ...JSON_TYPE },
    found: 'a cached read without Cache-Status',
  },
  {
    ...{ paths: /^\/v1\/products\/[^/]+\/stock/, status: 418, body: problem(418, 'teapot') },
    headers: { ...COMMON, ...PROBLEM_TYPE },
    found: 'Undocumented status code',
  },
  {
    ...{ paths: /^\/v1\/products/, status: 500, body: problem(500, 'internal_error') },
    headers: { ...COMMON, ...PROBLEM_TYPE },
    found: 'Server error',
  },
  {
    ...{ paths: /^\/v1\/orders/, status: 503, body: problem(503, 'resource_busy') },
    headers: { ...COMMON, ...PROBLEM_TYPE },
    found: '503 without Retry-After',
  },
  {
    ...{ paths: /^\/v1\/wallets/, status: 401, body: problem(401, 'unauthorized') },
    headers: { ...PROBLEM_TYPE, 'X-Request-Id': 'a' },
    found: 'an answer without X-Instance',
  },
  {
    ...{ paths: /^\/v1\/reservations/, status: 404, body: problem(404, '') },
    headers: { ...COMMON, ...PROBLEM_TYPE },
    found: 'a problem without a code',
  },
  {
    ...{ paths: /^/, status: 405, body: problem(405, 'method_not_allowed') },
    headers: { ...COMMON, ...PROBLEM_TYPE },
    found: '405 without Allow',
  },
];

/** Serves this OpenAPI document, and answers everything else wrongly. */
export async function startPlantedService(document: string) {
  const server = createServer((req, res) => {
    const { url = '' } = req;
    const fault = FAULTS.find(({ paths }) => paths.test(url.replace(/\?.*/, '')));
    req.resume();
    if (url === '/openapi.json') res.writeHead(200, JSON_TYPE).end(document);
    else res.writeHead(fault?.status ?? 404, fault?.headers).end(JSON.stringify(fault?.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
