import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { projectRoot } from '../../../tools/project-root.js';
import { embedded } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { type CurlRequest, curlRequests } from './curl-lines.js';
import { fillIn, type NamedAnswer, parseHttpFile } from './http-file.js';

const text = readPage('docs/first-requests.http');
const requests = parseHttpFile(text);

function readPage(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

describe('The first ten requests of a newcomer', function () {
  this.timeout(60_000);

  it('are ten, numbered, each with the status that it expects', () => {
    expect(requests.map(({ title }) => Number.parseInt(title, 10))).to.deep.equal([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    for (const { title, method, url, expectedStatus } of requests) {
      expect(method, title).to.match(/^(GET|POST)$/);
      expect(url, title).to.match(/^\{\{host\}\}\/v1\//);
      expect(expectedStatus, title).to.be.within(200, 399);
    }
    expect(text)
      .to.match(/^@host = http:\/\/127\.0\.0\.1:3000$/m)
      .and.match(/^@token = \S+$/m);
  });

  it('get these statuses from a service that was just started', async () => {
    await using service = await startService();
    await sendAll(service);
  });

  it('get them also after the lines for curl in README.md', async () => {
    const lines = curlRequests(readPage('README.md'));
    expect(lines).to.have.length(2);
    expect(curlRequests(readPage('README.ko.md'))).to.deep.equal(lines);
    await using service = await startService();
    for (const line of lines) expect(await statusOf(line, service)).to.be.oneOf([200, 201]);
    await sendAll(service);
  });
});

async function startService() {
  const resources = new AsyncDisposableStack();
  const { env } = resources.use(await embedded.open());
  const demo = { ...env, SEED_DEMO: 'true' };
  const { url: host } = resources.use(await InstanceProcess.start(demo));
  const token = await signToken(readSettings({ ...demo }), 'alice', 'customer');
  return { host, token, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

type Service = Awaited<ReturnType<typeof startService>>;

async function statusOf(line: CurlRequest, { host, token }: Service): Promise<number> {
  const headers = Object.entries(line.headers).map(([name, value]): [string, string] => [
    name,
    value.replace('$TOKEN', token),
  ]);
  const response = await fetch(line.url.replace('http://127.0.0.1:3000', host), {
    method: line.method,
    headers,
    ...(line.body !== undefined && { body: line.body }),
  });
  await response.text();
  return response.status;
}

async function sendAll({ host, token }: Service): Promise<void> {
  const answers = new Map<string, NamedAnswer>();
  const seen: Response[] = [];
  for (const { title, name, expectedStatus, method, url, headers, body } of requests) {
    const fill = (part: string) => fillIn(part, { host, token }, answers);
    const filled = Object.entries(headers).map(([header, value]) => [header, fill(value)]);
    const response = await fetch(fill(url), {
      method,
      headers: Object.fromEntries(filled),
      ...(body !== undefined && { body: fill(body) }),
    });
    const answer = await response.text();
    expect(response.status, `${title}\n${answer}`).to.equal(expectedStatus);
    if (name) answers.set(name, { headers: response.headers, body: JSON.parse(answer) });
    if (title.startsWith('9.')) expect(JSON.parse(answer).status).to.equal('PAID');
    seen.push(response);
  }
  expect(seen[1]?.headers.has('cache-status')).to.equal(true);
  expect(seen[4]?.headers.has('idempotency-replayed')).to.equal(false);
  expect(seen[5]?.headers.get('idempotency-replayed')).to.equal('true');
}
