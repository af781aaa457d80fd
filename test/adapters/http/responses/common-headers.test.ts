import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { CommonHeaders } from '../../../../src/adapters/http/responses/common-headers.js';
import { exchangeText } from '../support/raw-http.js';

/** The lines of the head of a response. */
async function headOf(path: string, asText: boolean, field = ''): Promise<string[]> {
  const app = express().disable('x-powered-by').disable('etag');
  new CommonHeaders('instance-1', () => true).addTo(app, asText);
  app.get('/usual', (_req, res) => res.set('Location', '/next').status(201).end('{}'));
  app.get('/own', (_req, res) => res.set('Content-Security-Policy', "default-src 'none'").end());
  app.get('/stream', (_req, res) => {
    res.flushHeaders();
    res.end('event');
  });
  app.get('/moved', (_req, res) => res.redirect('/usual'));
  const server = createServer((req, res) => {
    req.id = 'request-1';
    app(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${field}\r\n`;
  const text = await exchangeText(`http://127.0.0.1:${port}`, request);
  server.close();
  const [head = ''] = text.split('\r\n\r\n', 1);
  return head.split('\r\n');
}

describe('Common headers', () => {
  for (const path of ['/usual', '/own', '/stream', '/moved', '/nowhere']) {
    for (const field of ['', 'X-Forwarded-Proto: https\r\n']) {
      it(`are the same as text and as fields: ${path} ${field.trim()}`, async () => {
        const [asText, asFields] = [
          await headOf(path, true, field),
          await headOf(path, false, field),
        ];
        expect(asText[0]).to.equal(asFields[0]);
        const isDate = (line: string) => line.startsWith('Date: ');
        expect(asText.filter((line) => !isDate(line))).to.have.members(
          asFields.filter((line) => !isDate(line)),
        );
        expect(asText).to.include.members(['X-Request-Id: request-1', 'X-Instance: instance-1']);
        expect(asText.some((line) => line.startsWith('Strict-Transport'))).to.equal(field !== '');
      });
    }
  }

  it('do not replace what a handler has set', async () => {
    for (const asText of [true, false]) {
      const head = await headOf('/own', asText);
      const policies = head.filter((line) => line.startsWith('Content-Security-Policy:'));
      expect(policies).to.deep.equal(["Content-Security-Policy: default-src 'none'"]);
    }
  });

  it('refuse a name of the instance that cannot be in a header', () => {
    expect(() => new CommonHeaders('one\r\nX: y', () => true)).to.throw(TypeError, 'X-Instance');
  });
});
