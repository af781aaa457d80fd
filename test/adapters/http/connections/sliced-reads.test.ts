import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { SlicedReads } from '../../../../src/adapters/http/connections/sliced-reads.js';
import { eventually } from '../../../../tools/servers/eventually.js';

describe('the bytes of a connection on hold', () => {
  it('are passed on in their order, and the end of the data after them', async () => {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [socket] = (await once(server, 'connection')) as [Socket];
    const reads = new SlicedReads(socket, () => undefined);
    reads.hold();
    const sent = Array.from({ length: 5_000 }, (_, i) => `${i} `).join('');
    client.end(sent);
    let text = '';
    let slices = 0;
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      slices += 1;
      // Like a request whose body is not there yet, and like one that must wait.
      if (slices % 3) reads.release();
      else reads.hold();
    });
    await eventually(() => expect(reads.hasHeld).to.equal(true));
    const release = setInterval(() => reads.release(), 1);
    await once(socket, 'end');
    clearInterval(release);
    expect(text).to.equal(sent);
    expect(reads.hasHeld).to.equal(false);
    socket.destroy();
    client.destroy();
    server.close();
  });
});
