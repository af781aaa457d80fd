import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { SignInCodes } from '../../../../src/adapters/http/lab/sign-in-codes.js';
import { type Service, startService } from '../../../../src/config/service.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { signToken } from '../../../../src/config/settings/tokens/sign-token.js';
import { RunFolder, removeLeftFolders } from '../../../../src/experiments/lab/run-folder.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import { isRunning } from '../../../support/is-running.js';
import { TEST_LOG_LEVEL } from '../../../support/log-level.js';

/** A request that pauses before it writes, so that others come between. */
function raceOf(order: string) {
  const steps = order.split(' ').map((step) => ({ do: step, delayMs: step === 'write' ? 150 : 0 }));
  return { key: 'wallet:alice', steps };
}

/** More than the limit of processes, so no process has it. */
const NO_PID = 2 ** 30;

describe('The routes of the lab', () => {
  const resources = new AsyncDisposableStack();
  let folder: string;
  let service: Service;
  let admin: Record<string, string>;

  const settings = (extra: Record<string, string> = {}) =>
    readSettings({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: TEST_LOG_LEVEL, ...extra });

  before(async () => {
    folder = resources.use(new TemporaryFolder('lab-routes')).path;
    service = await startService(settings({ TRUSTED_PROXIES: '127.0.0.1' }));
    // A second stop does nothing.
    resources.defer(() => service.stop());
    admin = { Authorization: `Bearer ${await signToken(settings(), 'admin', 'admin')}` };
  });

  after(() => resources.disposeAsync());

  const send = (target: string, init: RequestInit = {}) =>
    fetch(new URL(target, service.url), {
      ...init,
      headers: { 'Content-Type': 'application/json', ...init.headers },
    });

  const post = (target: string, body: object, headers: Record<string, string> = {}) =>
    send(target, { method: 'POST', body: JSON.stringify(body), headers });

  const codeOf = ({ labLink = '' }: Service) =>
    new URLSearchParams(new URL(labLink).hash.slice(1)).get('code') ?? '';

  /** Runs the experiment and returns the names of the events, and the data of the last. */
  async function run(experiment: string, headers: Record<string, string> = admin) {
    const response = await post('/lab/runs', { experiment, settings: { holdMs: 10 } }, headers);
    const text = await response.text();
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    const last = [...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? '{}';
    return { status: response.status, names, last: JSON.parse(last) };
  }

  it('serve a page without inline scripts, styles, or anything of another host', async () => {
    const response = await send('/lab');
    expect(response.headers.get('content-security-policy')).to.include("default-src 'none'");
    expect(response.headers.get('content-security-policy')).not.to.include('unsafe');
    const html = await response.text();
    expect(html).not.to.match(/<style|style=|<script(?![^>]*src="\/lab\/)|https?:/);
    for (const [, file = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await send(file)).status, file).to.equal(200);
    }
  });

  it('refuse callers without a session, and customers', async () => {
    const token = await signToken(settings(), 'alice', 'customer');
    for (const [headers, status] of [
      [{}, 401],
      [{ Authorization: `Bearer ${token}` }, 403],
    ] as const) {
      expect((await send('/lab/experiments', { headers })).status).to.equal(status);
      expect((await send('/lab/runs/abcdefghijklmnop', { headers })).status).to.equal(status);
      expect((await run('no-lock', headers)).status).to.equal(status);
      expect((await post('/lab/session', {}, headers)).status).to.equal(status);
    }
  });

  it('sign in by a code only from this machine, and once', async () => {
    const code = codeOf(service);
    const elsewhere = { 'X-Forwarded-For': '192.0.2.7' };
    expect((await post('/lab/session', { code }, elsewhere)).status).to.equal(403);
    expect((await post('/lab/session', { code: `${code}x` })).status).to.equal(403);
    const first = await post('/lab/session', { code });
    expect(first.status).to.equal(204);
    expect(first.headers.get('set-cookie')).to.match(/HttpOnly.*SameSite=Strict/);
    expect((await post('/lab/session', { code })).status).to.equal(403);
  });

  it('accept a session for changes of this page only', async () => {
    const signedIn = await post('/lab/session', {}, admin);
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await send('/lab/experiments', { headers: { cookie } })).status).to.equal(200);
    expect((await run('no-lock', { cookie })).status).to.equal(403);
    expect((await run('no-lock', { cookie, Origin: 'http://127.0.0.1:1' })).status).to.equal(403);
    expect((await run('no-lock', { cookie, Origin: service.url })).status).to.equal(200);
    const forged = `${cookie.slice(0, -4)}AAAA`;
    expect((await send('/lab/experiments', { headers: { cookie: forged } })).status).to.equal(401);
    const token = cookie.split('=')[1] ?? '';
    const asToken = { Authorization: `Bearer ${token}` };
    expect((await send('/v1/orders', { headers: asToken })).status).to.equal(401);
  });

  it('say what the cluster panel lacks on an instance that knows no other', async () => {
    const found = await send('/lab/cluster', { headers: admin });
    expect(await found.json()).to.deep.equal({ lacks: 'addresses' });
    expect((await send('/lab/cluster/events', { headers: admin })).status).to.equal(404);
    const cut = await post('/lab/cluster/self/bus-cut', { forMs: 1_000 }, admin);
    expect(await cut.json()).to.include({ code: 'validation_failed' });
  });

  it('refuse a cut of the bus that is too long', async () => {
    const cut = await post('/lab/cluster/self/bus-cut', { forMs: 60_001 }, admin);
    const { errors } = (await cut.json()) as { errors: readonly { path: string }[] };
    expect(errors.map(({ path }) => path)).to.deep.equal(['forMs']);
  });

  it('report a run as it goes on, and keep it', async () => {
    const { names, last } = await run('no-lock');
    expect(names.slice(0, 3)).to.deep.equal(['queued', 'started', 'steps']);
    expect(names.at(-1)).to.equal('finished');
    const kept = await send(`/lab/runs/${last.id}`, { headers: admin });
    expect(await kept.json()).to.deep.equal(last);
    expect((await send('/lab/runs/..%2Fjwt-secret', { headers: admin })).status).to.equal(404);
  });

  it('say that a run is under way, with its settings, until its record can be read', async () => {
    const body = { experiment: 'no-lock', settings: { holdMs: 300 } };
    const response = await post('/lab/runs', body, admin);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const id = /"id":"([\w-]{16})"/.exec((await reader?.read())?.value ?? '')?.[1];
    const pending = await send(`/lab/runs/${id}`, { headers: admin });
    expect(pending.status).to.equal(202);
    expect(await pending.json()).to.deep.equal({ id, ...body });
    expect((await send(`/lab/runs/${id}`)).status).to.equal(401);
    while (!(await reader?.read())?.done);
    const record = await send(`/lab/runs/${id}`, { headers: admin });
    expect(record.status).to.equal(200);
    expect(await record.json()).to.include({ id, experiment: 'no-lock' });
  });

  it('refuse what the experiment does not have, and what is too large', async () => {
    const bad = [
      { experiment: 'nothing', settings: {} },
      { experiment: 'bus-cut', settings: {} },
      { experiment: 'feature-named-keys', settings: { requests: 3 } },
      { experiment: 'no-lock', settings: { requests: 9 } },
      { experiment: 'no-lock', settings: { holdMs: 1_001 } },
      { experiment: 'no-lock', settings: { rows: 1 } },
      { experiment: 'own-race', settings: {} },
      { experiment: 'own-race', settings: { race: [raceOf('begin read write commit')] } },
      ...['read begin write commit', 'begin read write', 'lock begin read write commit'].map(
        (order) => ({
          experiment: 'own-race',
          settings: { race: [raceOf(order), raceOf(order)] },
        }),
      ),
    ];
    for (const body of bad) {
      const response = await post('/lab/runs', body, admin);
      expect(response.status, JSON.stringify(body)).to.equal(400);
    }
  });

  it('run a race whose orders of steps the caller chose', async () => {
    const orders = ['begin read write commit', 'lock begin read write commit release'];
    const outcomes = [];
    for (const order of orders) {
      const race = [raceOf(order), raceOf(order)];
      const body = { experiment: 'own-race', settings: { race } };
      const text = await (await post('/lab/runs', body, admin)).text();
      const { reports } = JSON.parse([...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? '{}');
      outcomes.push(reports[0].outcome);
    }
    const right = { kind: 'balance', expected: 120, refused: 0 };
    expect(outcomes).to.deep.equal([
      { ...right, actual: 110, lostUpdates: 1 },
      { ...right, actual: 120, lostUpdates: 0 },
    ]);
  });

  it('let runs wait for each other, and refuse the ninth', async () => {
    const all = await Promise.all(Array.from({ length: 9 }, () => run('no-lock')));
    expect(all.map(({ status }) => status).toSorted()).to.deep.equal([...Array(8).fill(200), 429]);
    for (const { names } of all.filter(({ status }) => status === 200)) {
      expect(names.at(-1)).to.equal('finished');
    }
  });

  it('touch no row of the service', async () => {
    const readWallet = async () => (await send('/v1/wallets/alice', { headers: admin })).json();
    const before = await readWallet();
    await run('no-lock');
    expect(await readWallet()).to.deep.equal(before);
  });

  it('do not exist when the lab is off, as in production', async () => {
    const secret = { JWT_SECRET: 'x'.repeat(32) };
    for (const extra of [{ LAB: 'off' }, { NODE_ENV: 'production', ...secret }]) {
      const other = await startService(settings(extra));
      try {
        expect(other.labLink).to.equal(undefined);
        for (const target of ['/lab', '/lab/lab.js', '/lab/experiments']) {
          const response = await fetch(new URL(target, other.url), { headers: admin });
          expect(response.status, target).to.equal(404);
        }
      } finally {
        await other.stop();
      }
    }
    expect(settings({ NODE_ENV: 'production', LAB: 'on', ...secret }).LAB).to.equal(true);
  });

  it('leave no process and nothing in the temporary folder after a stop', async () => {
    await using temporary = new TemporaryFolder('lab-temporary');
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = temporary.path;
    try {
      const other = await startService(settings());
      const body = JSON.stringify({ experiment: 'no-lock' });
      const headers = { ...admin, 'Content-Type': 'application/json' };
      await (await fetch(`${other.url}/lab/runs`, { method: 'POST', body, headers })).text();
      const [name = '', ...others] = readdirSync(temporary.path);
      expect(others).to.deep.equal([]);
      const pid = Number(/^lockstep-lab-(\d+)-/.exec(name)?.[1]);
      expect(isRunning(pid)).to.equal(true);
      await other.stop();
      expect(isRunning(pid)).to.equal(false);
      expect(readdirSync(temporary.path)).to.deep.equal([]);
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
  });
});

describe('The databases of runs', () => {
  it('are removed at the next start after a kill', async () => {
    await using parent = new TemporaryFolder('lab-leftovers');
    const left = new RunFolder(parent.path).folder.replace(`-${process.pid}-`, `-${NO_PID}-`);
    mkdirSync(left);
    writeFileSync(path.join(left, 'wallets.sqlite'), '');
    const { folder } = new RunFolder(parent.path);
    removeLeftFolders(parent.path);
    expect([existsSync(left), existsSync(folder)]).to.deep.equal([false, true]);
  });
});

describe('The codes of sign-in links', () => {
  it('are valid once, for ten minutes', () => {
    let nowMs = 0;
    const codes = new SignInCodes(() => nowMs);
    const [first, second] = [codes.issue(), codes.issue()];
    expect(codes.redeem(first)).to.equal(true);
    expect(codes.redeem(first)).to.equal(false);
    nowMs = 10 * 60 * 1_000;
    expect(codes.redeem(second)).to.equal(false);
    expect(codes.redeem('')).to.equal(false);
  });
});
