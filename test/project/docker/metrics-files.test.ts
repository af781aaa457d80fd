import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { FIGURES } from '../../../tools/cluster/watch/figures.js';
import { projectRoot } from '../../../tools/project-root.js';
import { findPromtool } from '../../../tools/servers/prometheus/find-promtool.js';
import {
  METRICS_FOLDER,
  renderPrometheus,
} from '../../../tools/servers/prometheus/render-prometheus.js';

const run = promisify(execFile);
const read = (...steps: string[]) => readFileSync(path.join(projectRoot, ...steps), 'utf8');
const alerts = read('docker', 'metrics', 'alerts.yml');
const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const panels: readonly Panel[] = JSON.parse(read('docker', 'metrics', 'dashboard.json')).panels;
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Metrics of an instance; a test compares this page with what an instance reports. */
const documented = new Map(
  [...read('docs', 'operations', 'metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(
    ([, name = '', type = '']) => [name, type],
  ),
);

/** Names that an instance reports for a metric; Prometheus itself makes `up`. */
const series = new Set([
  'up',
  ...[...documented].flatMap(([name, type]) =>
    type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name],
  ),
]);

const KEYWORDS = /^(?:sum|max|min|by|rate|increase|time|histogram_quantile|min_over_time|e\d+)$/;

/** What is left of a query without labels, numbers, functions and operators. */
function metricsIn(query: string): string[] {
  const bare = query
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\bby \([^)]*\)/g, 'by');
  return [...bare.matchAll(/[a-zA-Z_]\w*/g)].map(([word]) => word).filter((w) => !KEYWORDS.test(w));
}

describe('The files for Prometheus and Grafana', function () {
  this.timeout(180_000);
  let promtool: string;
  let folder: string;

  before(async () => {
    promtool = await findPromtool();
    folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-metrics-'));
    cpSync(METRICS_FOLDER, folder, { recursive: true });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const testRules = () => run(promtool, ['test', 'rules', 'alerts.test.yml'], { cwd: folder });

  it('are accepted by promtool: the rules, the configuration as it is and for a local cluster', async () => {
    await run(promtool, ['check', 'rules', path.join(folder, 'alerts.yml')]);
    await run(promtool, ['check', 'config', path.join(folder, 'prometheus.yml')]);
    const rendered = path.join(folder, 'local.yml');
    writeFileSync(rendered, renderPrometheus(['127.0.0.1:3001', '127.0.0.1:3002']));
    const { stdout } = await run(promtool, ['check', 'config', rendered]);
    expect(stdout).to.include(`${names.length} rules found`);
    expect(readFileSync(rendered, 'utf8')).to.include('["127.0.0.1:3001","127.0.0.1:3002"]');
  });

  it('let each alert fire in a test of promtool, and be quiet in another', async () => {
    const tests = read('docker', 'metrics', 'alerts.test.yml');
    for (const name of names) {
      for (const what of ['fires', 'is quiet']) expect(tests).to.include(`name: ${name} ${what}\n`);
    }
    await testRules();
  });

  it('fail these tests when an alert fires at another value', async () => {
    const wrong = alerts
      .replace('> 5000', '> 50000')
      .replace('lock_circuit_open == 1', 'lock_circuit_open == 0');
    writeFileSync(path.join(folder, 'alerts.yml'), wrong);
    const file = path.join(folder, 'alerts.test.yml');
    const [head, ...cases] = readFileSync(file, 'utf8').split(/^(?= {2}- name: )/m);
    for (const name of ['ConsumersLag fires', 'RedisLockDown fires', 'RedisLockDown is quiet']) {
      writeFileSync(file, head + cases.filter((text) => text.includes(`${name}\n`)).join(''));
      const { stderr } = await testRules().catch((failure: { stderr: string }) => failure);
      expect(stderr, name).to.include('FAILED');
    }
  });

  it('ask for metrics that exist', () => {
    const expressions = [...alerts.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*))/g)].map(
      ([, block, line]) => block ?? line ?? '',
    );
    expect(expressions).to.have.length(names.length);
    expect(queries).to.have.length.above(50);
    for (const query of [...expressions, ...queries]) {
      const asked = metricsIn(query);
      expect(asked, query).to.not.be.empty;
      for (const name of asked) expect(series, query).to.include(name);
    }
    expect(metricsIn('sum by (x) (rate(no_such_metric{a="b"}[1m])) > 1e3')).to.deep.equal([
      'no_such_metric',
    ]);
  });

  it('show every metric of the service on the dashboard', () => {
    const shown = new Set(queries.flatMap(metricsIn));
    const own = [...documented].filter(([name]) => !/^(process|nodejs)_/.test(name));
    const missing = own.filter(
      ([name]) => ![name, `${name}_bucket`, `${name}_count`].some((each) => shown.has(each)),
    );
    expect(missing).to.deep.equal([]);
  });

  it('have the metrics of the screen of npm run cluster -- --watch', () => {
    const figures = FIGURES.flatMap((group) => group.figures);
    expect(figures).to.have.length.above(30);
    for (const { metric } of figures) expect([...documented.keys()]).to.include(metric);
  });
});

describe('docs/operations/runbook.md', () => {
  const page = read('docs', 'operations', 'runbook.md');
  const sections = page.split(/^## /m).slice(1);

  it('has a heading for each alert, in the same order', () => {
    expect(sections.map((text) => text.split('\n')[0])).to.deep.equal(names);
  });

  it('says for each what it means, what to look at, and what to do', () => {
    for (const section of sections) {
      for (const part of ['**Means**: ', '**Look at**: ', '**Do**: ']) {
        expect(section).to.include(part);
      }
    }
  });

  it('names panels that the dashboard has', () => {
    const titles = panels.map(({ title }) => title);
    const quoted = [...page.matchAll(/"([A-Z][^"]+)"/g)].map(([, title]) => title);
    expect(quoted).to.have.length.above(10);
    for (const title of quoted) expect(titles).to.include(title);
  });
});
