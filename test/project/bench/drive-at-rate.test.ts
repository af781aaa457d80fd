import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { requestBytes } from '../../../bench/service/load/connection.js';
import { driveAtRate } from '../../../bench/service/load/drive-at-rate.js';

const PAUSE_MS = 200;
const RATE = 200;

/** Answers at once, except that nothing is answered during a pause after the first request. */
async function startPausingServer() {
  const held: ServerResponse[] = [];
  let isOver = false;
  const answer = (res: ServerResponse) => res.writeHead(200, { 'Content-Length': 0 }).end();
  const server = createServer((_req, res) => {
    if (isOver) {
      answer(res);
      return;
    }
    held.push(res);
    if (held.length > 1) return;
    setTimeout(() => {
      isOver = true;
      for (const each of held) answer(each);
    }, PAUSE_MS);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

describe('A load at a fixed rate', () => {
  for (const atOnce of [1, 100]) {
    it(`counts a pause of the service for each request that was due in it, on ${atOnce} connections`, async () => {
      const { url, stop } = await startPausingServer();
      const driven = await driveAtRate({
        ...{ urls: [url], atOnce, rate: RATE, ms: 500, warmUpMs: 0 },
        request: () => requestBytes('GET', '/'),
      });
      stop();

      expect(driven.answers).to.equal(RATE / 2);
      // Requests that were due in the first half of the pause waited at least as long as its second half.
      const waited = driven.times.filter((ms) => ms >= PAUSE_MS / 2);
      expect(waited.length).to.be.at.least((RATE * PAUSE_MS) / 2_000 - 1);
    });
  }
});
