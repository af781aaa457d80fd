import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { instancePort } from '../../../tools/cluster/cluster-options.js';
import { findClusterPort } from '../../../tools/cluster/find-cluster-port.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';
import { ApiClient } from '../../support/api-client.js';
import { isRunning } from '../../support/is-running.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { ClusterCommand } from './cluster-command.js';
import { followEvents, nextStatus } from './follow-events.js';

describe('npm run cluster', function () {
  this.timeout(240_000);
  let folder: string;
  let env: Record<string, string>;
  let port: number;
  let cluster: ClusterCommand;
  let admin: ApiClient;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-cluster-'));
    // With a new Redis the cache stores nothing for the life of a write intent; the demonstration waits.
    env = {
      ...{ DATA_DIR: folder, DB_QUERY_MS: '2500', CACHE_HOLD_OFF_MS: '3000' },
      ORDER_STREAM_HEARTBEAT_MS: '50',
    };
    port = await findClusterPort();
    cluster = new ClusterCommand(['--port', String(port), '--with-metrics'], env);
    await cluster.says(/^cluster ready /m);
    admin = await ApiClient.of(`http://127.0.0.1:${port}`, env, 'admin', 'admin');
  });

  after(async () => {
    await cluster?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const direct = async (number: number) =>
    ApiClient.of(`http://127.0.0.1:${instancePort({ port }, number)}`, env, 'admin', 'admin');

  it('prints its address in one line', () => {
    expect(cluster.output).to.match(
      new RegExp(`^cluster ready http://127\\.0\\.0\\.1:${port} \\(.*\\)\nlab http\\S+\n$`),
    );
  });

  it('names a file that only its owner may read, with the addresses for an experiment', async () => {
    const file = / addresses in (\S+)\)$/m.exec(cluster.output)?.[1] ?? '';
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const program = path.join(import.meta.dirname, '../../../tools/playground/experiment/main.js');
    const line = `. "${file}" && exec "${process.execPath}" "${program}" feature-named-keys`;
    const started = cluster.descendants();
    // This PATH has no program that could start a server, so the command uses the servers of the
    // cluster.
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line], { env: { PATH: '' } });
    expect(stdout).to.match(/=> expected 100, actual (90|110), lost 1, refused 0\n/);
    expect(cluster.output).not.to.match(/mysql:/);
    expect(started.every(({ pid }) => isRunning(pid))).to.equal(true);
  });

  it('prints a link to the lab, which runs experiments on the servers through nginx', async () => {
    const link = new URL(/^lab (\S+)$/m.exec(cluster.output)?.[1] ?? '');
    expect(link.port).to.equal(String(instancePort({ port }, 1)));
    const send = (url: string, body: object, cookie = '') =>
      fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', Origin: new URL(url).origin, cookie },
      });
    const code = new URLSearchParams(link.hash.slice(1)).get('code') ?? '';
    const signedIn = await send(`${link.origin}/lab/session`, { code });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0];

    const proxy = `http://127.0.0.1:${port}`;
    const panel = await fetch(`${proxy}/lab/cluster`, { headers: { cookie: cookie ?? '' } });
    // It lacks nothing.
    expect(await panel.json()).to.deep.equal({});
    const settings = { requests: 2, holdMs: 50, strategy: 'spin' };
    const experiment = 'transaction-before-lock';
    const response = await send(`${proxy}/lab/runs`, { experiment, settings }, cookie);
    const last = [...(await response.text()).matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? '{}';
    const run = JSON.parse(last);
    expect(run).to.include({ experiment, place: 'servers' });
    expect(run.reports[0].outcome).to.include({ expected: 120, lostUpdates: 1 });
    for (const base of [1, 2].map((number) => instancePort({ port }, number))) {
      const kept = await fetch(`http://127.0.0.1:${base}/lab/runs/${run.id}`, {
        headers: { cookie: cookie ?? '' },
      });
      expect(await kept.json()).to.deep.equal(run);
    }
  });

  it('has a Prometheus that reads each instance, with the alerts, none of which fires', async () => {
    const url = / Prometheus (\S+);/.exec(cluster.output)?.[1] ?? '';
    const prometheus = new ApiClient(url);
    const read = async (what: string) => (await prometheus.get(`/api/v1/${what}`)).body.data;
    await eventually(async () => {
      const { result } = await read(
        'query?query=sum by (instance) (process_resident_memory_bytes)',
      );
      const names = result.map(({ metric }: { metric: { instance: string } }) => metric.instance);
      expect(names.sort()).to.deep.equal(['instance-1', 'instance-2']);
    });
    expect((await read('rules')).groups[0].rules).to.have.length.above(15);
    const { alerts } = await read('alerts');
    expect(alerts.filter(({ state }: { state: string }) => state === 'firing')).to.deep.equal([]);
  });

  it('keeps logs that only their owner can read, and no token in them', () => {
    const logs = path.join(folder, `cluster-${port}`);
    expect(statSync(logs).mode & 0o777).to.equal(0o700);
    const files = readdirSync(logs).map((name) => path.join(logs, name));
    expect(files).to.have.length.at.least(6);
    for (const file of files) {
      expect(statSync(file).mode & 0o777, file).to.equal(0o600);
      expect(readFileSync(file, 'utf8'), file).not.to.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    }
  });

  it('distributes requests over the instances', async () => {
    const names = new Set<string | null>();
    for (let i = 0; i < 10; i += 1) {
      names.add((await admin.get('/v1/products')).headers.get('x-instance'));
    }
    expect([...names].sort()).to.deep.equal(['instance-1', 'instance-2']);
  });

  it('lets a client reach each instance directly', async () => {
    for (const number of [1, 2]) {
      const answer = await (await direct(number)).get('/readyz');
      expect(answer.body.status).to.equal('ready');
      expect(answer.headers.get('x-instance')).to.equal(`instance-${number}`);
    }
  });

  it('shows a price that was changed through one instance by the other at once', async () => {
    const [one, two] = [await direct(1), await direct(2)];
    const id = await addProduct(admin);
    for (let price = 1; price <= 20; price += 1) {
      for (const client of [one, two]) await client.get(`/v1/products/${id}`);
      const [writer, reader] = price % 2 ? [one, two] : [two, one];
      const { headers } = await writer.patch(`/v1/products/${id}`, { price });
      const least = { 'Lockstep-At-Least': headers.get('lockstep-version') ?? '' };
      expect((await reader.get(`/v1/products/${id}`, least)).body.price).to.equal(price);
    }
  });

  it('settles an order of the queue, and streams each event to its follower as it happens', async () => {
    const productId = await addProduct(admin);
    const kafka = cluster.descendant(/kafka\.Kafka/);
    // While Kafka is frozen nothing is settled, so an event that is read now was sent at once.
    process.kill(kafka, 'SIGSTOP');
    try {
      const headers = { Prefer: 'respond-async' };
      const accepted = await admin.post('/v1/orders', orderOf(productId), headers);
      expect(accepted.status).to.equal(202);
      const events = followEvents(admin, accepted.headers.get('location') ?? '');
      expect((await events.next()).value).to.include({ status: 'QUEUED' });
      // The first event may come together with the headers. A heartbeat comes separately.
      expect((await events.next()).value).to.equal(undefined);
      process.kill(kafka, 'SIGCONT');
      const settled = await nextStatus(events);
      expect(settled).to.include({ id: accepted.body.id, status: 'CONFIRMED' });
      expect((await admin.get(`/v1/orders/${settled?.['orderId']}`)).status).to.equal(200);
    } finally {
      process.kill(kafka, 'SIGCONT');
    }
  });

  it('passes the errors of the service through unchanged', async () => {
    const answer = await admin.post('/v1/products', 'x'.repeat(100_000));
    expect(answer.status).to.equal(413);
    expect(answer.headers.get('content-type')).to.contain('application/problem+json');
  });

  it('lets the demonstration run on it', async () => {
    const program = path.join(import.meta.dirname, '../../../tools/playground/demo/main.js');
    const args = [program, '--url', `http://127.0.0.1:${port}`];
    // The command finds the Redis of the cluster by itself.
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...inheritedEnvironment(), ...env },
    });
    expect(stdout)
      .to.contain('lockstep-l1; hit')
      .and.contain('100 sold, 900 refused')
      .and.contain('oversold: 0, lost: 0')
      .and.not.contain('left out');
  });

  it('says in one line that a second cluster cannot have the same port', async () => {
    await using second = new ClusterCommand(['--port', String(port)], env);
    expect(await second.end()).to.equal(1);
    expect(second.output).to.match(/^cluster: port \d+ is in use; .*\n$/);
  });

  it('ends servers that are still starting when it gets a stop signal', async () => {
    await using other = new ClusterCommand(['--port', String(await findClusterPort())], env);
    await eventually(() => {
      expect(other.descendants().map(({ command }) => command)).to.match(/redis-server/);
    });
    const started = other.descendants().map(({ pid }) => pid);
    other.signal('SIGINT');
    expect(await other.end()).to.equal(1);
    expect(other.output).to.equal('cluster: stopped before it was ready\n');
    await eventually(() => expect(started.filter(isRunning)).to.deep.equal([]));
    expect((await admin.get('/readyz')).body.status).to.equal('ready');
  });

  it('reports a killed instance, answers in the meantime, and starts it again', async () => {
    process.kill(cluster.descendant(/src\/main\.js/), 'SIGKILL');
    await cluster.says(/^cluster: instance-\d has ended \(.* by SIGKILL\); restarting it$/m);
    for (let i = 0; i < 20; i += 1) {
      expect((await admin.get('/v1/products')).status).to.equal(200);
    }
    await cluster.says(/^cluster: instance-\d runs again$/m);
    for (const number of [1, 2]) {
      expect((await (await direct(number)).get('/readyz')).body.status).to.equal('ready');
    }
  });

  it('ends everything that it started when it gets a stop signal', async () => {
    const started = cluster.descendants();
    const commands = started.map(({ command }) => command).join('\n');
    for (const part of [
      /nginx: worker/,
      /redis-server/,
      /maria|mysql/,
      /kafka\.Kafka/,
      /main\.js/,
    ]) {
      expect(commands).to.match(part);
    }
    const addresses = path.join(folder, `cluster-${port}`, 'servers.env');
    expect(existsSync(addresses)).to.equal(true);
    cluster.signal('SIGTERM');
    expect(await cluster.end()).to.equal(0);
    expect(existsSync(addresses)).to.equal(false);
    expect(cluster.output).to.match(/\nstopping\n$/);
    await eventually(() => expect(started.filter(({ pid }) => isRunning(pid))).to.deep.equal([]));
  });
});
