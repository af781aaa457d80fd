import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { projectRoot } from '../../../tools/project-root.js';
import { embedded } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { fillIn, type NamedAnswer, parseHttpFile } from './http-file.js';

const text = readFileSync(path.join(projectRoot, 'docs', 'first-requests.http'), 'utf8');
const requests = parseHttpFile(text);

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
    await using open = await embedded.open();
    const env = { ...open.env, SEED_DEMO: 'true' };
    await using instance = await InstanceProcess.start(env);
    const token = await signToken(readSettings({ ...env }), 'alice', 'customer');
    const variables = { host: instance.url, token };
    const answers = new Map<string, NamedAnswer>();
    const seen: Response[] = [];
    for (const { title, name, expectedStatus, method, url, headers, body } of requests) {
      const fill = (text: string) => fillIn(text, variables, answers);
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
  });
});
