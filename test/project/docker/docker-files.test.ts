import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  HttpProblem,
  type ProblemCode,
  problemBody,
  STATUS,
} from '../../../src/adapters/http/responses/problem.js';
import { CHECKS, type Check } from '../../../tools/check/checks.js';
import { REPLICATION } from '../../../tools/cluster/replicated/brokers.js';
import { REDIS_DOWN_AFTER_MS } from '../../../tools/cluster/replicated/replicated-servers.js';
import { projectRoot } from '../../../tools/project-root.js';
import { GALERA_ARGUMENTS, PROVIDER_OPTIONS } from '../../../tools/servers/galera/galera-kind.js';
import { checkPackets, haproxyKind } from '../../../tools/servers/haproxy/haproxy-kind.js';
import { imageVariable, kafkaKind } from '../../../tools/servers/kafka/kafka-kind.js';
import { mysqlKind } from '../../../tools/servers/mysql/mysql-kind.js';
import { nginxKind } from '../../../tools/servers/nginx/nginx-kind.js';
import { upstreamLines } from '../../../tools/servers/nginx/render-proxy.js';
import { redisKind } from '../../../tools/servers/redis/redis-kind.js';
import { sentinelLines } from '../../../tools/servers/redis/sentinel-kind.js';

const read = (...steps: string[]) => readFileSync(path.join(projectRoot, ...steps), 'utf8');
const compose = read('docker', 'compose.yml');
const replicated = read('docker', 'compose.replicated.yml');
const dockerfile = read('docker', 'Dockerfile');

describe('The files for Docker', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-docker-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a check with `text` instead of its file. */
  function passes({ script }: Check, text: string): boolean {
    const file = path.join(folder, path.basename(script.at(-1) ?? ''));
    writeFileSync(file, text);
    const run = spawnSync(process.execPath, [...script.slice(0, -1), file], { cwd: projectRoot });
    return run.status === 0;
  }

  it('are checked for several servers of each engine too', () => {
    expect(passes(CHECKS.composeReplicated, replicated)).to.equal(true);
    const wrong = replicated.replace('condition: service_healthy', 'condition: healthy');
    expect(passes(CHECKS.composeReplicated, wrong)).to.equal(false);
  });

  for (const [what, change] of [
    ['as it is', undefined],
    ['with a key that there is not', ['healthcheck:', 'healthchecks:']],
    ['with a condition that there is not', ['condition: service_healthy', 'condition: healthy']],
    ['with a text that is a mapping', ['--max-connections=500', 'max: 500']],
  ] satisfies [string, [string, string] | undefined][]) {
    it(`${change ? 'refuses' : 'takes'} compose.yml ${what}`, () => {
      const text = change ? compose.replace(...(change as [string, string])) : compose;
      expect(passes(CHECKS.compose, text)).to.equal(text === compose);
    });
  }

  for (const [what, change] of [
    ['as it is', undefined],
    ['with an instruction that there is not', ['COPY', 'COPYY']],
    ['with a port that is none', ['EXPOSE 3000', 'EXPOSE http']],
  ] satisfies [string, [string, string] | undefined][]) {
    it(`${change ? 'refuses' : 'takes'} Dockerfile ${what}`, () => {
      const text = change ? dockerfile.replace(...(change as [string, string])) : dockerfile;
      expect(passes(CHECKS.dockerfile, text)).to.equal(text === dockerfile);
    });
  }

  it('leave no shell in the image, and run as a user that Kubernetes can verify', () => {
    const [, last = ''] = /^.*^FROM (.*)$/ms.exec(dockerfile) ?? [];
    const instructions = last.replaceAll('\\\n', ' ').split('\n');
    expect(instructions[0]).to.equal('scratch');
    expect(instructions).to.include('USER 1000:1000');
    // The text form of CMD needs a shell.
    expect(instructions.filter((line) => /\bCMD \["node", .*\]$/.test(line))).to.have.length(2);
    expect(instructions.filter((line) => /^(RUN|SHELL|ENTRYPOINT)\b/.test(line))).to.deep.equal([]);
  });

  it('fill every placeholder in the nginx template, and change nothing else', () => {
    const template = read('docker', 'nginx', 'lockstep.conf.template');
    const places = new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
    const [, filter = ''] = /NGINX_ENVSUBST_FILTER: (\S+)/.exec(compose) ?? [];
    // Compose reads $$ as a dollar sign.
    const isReplaced = new RegExp(filter.replaceAll('$$', '$'));
    const variables = [...template.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
    expect(new Set(variables.filter((name) => isReplaced.test(name)))).to.deep.equal(places);
    for (const name of places) expect(compose).to.match(new RegExp(`^      ${name}: `, 'm'));
  });

  it('let nginx answer its own errors in the same form as the service', () => {
    const template = read('docker', 'nginx', 'lockstep.conf.template');
    const bodies = [...template.matchAll(/^ {2}(\d{3}|default) +'("type":.*)';$/gm)];
    expect(bodies.length).to.be.greaterThan(5);
    for (const [, key = '', text = ''] of bodies) {
      const status = key === 'default' ? 400 : Number(key);
      const body = JSON.parse(`{${text.replace('$status', String(status))}}`);
      const code = body.code as ProblemCode;
      const { type, title } = problemBody(new HttpProblem(code, ''));
      expect(body).to.include({ type, status });
      expect(body.title.toLowerCase()).to.equal(String(title).toLowerCase());
      // Some codes are used only by nginx, so the service has no status for them.
      expect(STATUS[code] ?? status).to.equal(status);
      expect(body.detail).to.match(/^[A-Z].*\.$/);
    }
  });

  it('read from the environment what the cluster command sets, and nothing else', () => {
    const asked = (text: string) =>
      [...new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))].sort();
    const common = ['INSTANCE_1_PORT', 'INSTANCE_2_PORT', 'MYSQL_PASSWORD', 'PROXY_PORT'];
    const alone = ['GRAFANA_PORT', 'JWT_SECRET', 'PROMETHEUS_PORT'];
    expect(asked(compose)).to.deep.equal([...common, ...alone].sort());
    // It takes JWT_SECRET from compose.yml.
    expect(asked(replicated)).to.deep.equal([...common, 'INSTANCE_3_PORT', 'PROXY_2_PORT'].sort());
  });

  it('start the same images as the tests, and build their own once', () => {
    const kinds = [mysqlKind({}), redisKind({}), kafkaKind({}), nginxKind({ upstreams: [] })];
    for (const { image } of kinds) expect(compose).to.contain(`    image: ${image.name}\n`);
    expect(compose.match(/^ +build:$/gm)).to.have.lengthOf(1);
  });

  for (const [name, text, count] of [
    ['compose.yml', compose, 2],
    ['compose.replicated.yml', replicated, 3],
  ] as const) {
    it(`let nginx of ${name} leave a dead instance alone as the local one does`, () => {
      const [, block = ''] = /UPSTREAM_SERVERS: >-\n((?: +server .*\n)+)/.exec(text) ?? [];
      const addresses = Array.from({ length: count }, (_, i) => `instance-${i + 1}:3000`);
      expect(linesOf(block)).to.deep.equal(upstreamLines(addresses));
    });
  }
});

describe('The file for Docker with several servers of each engine', () => {
  it('starts Galera with the arguments of the local members', () => {
    const [, galera = ''] = /^x-galera:(.*?)^x-/ms.exec(replicated) ?? [];
    const [, block = ''] = /^ {2}command:\n((?: {4}.*\n)+)/m.exec(galera) ?? [];
    // YAML joins the lines of a text in quotes that end with a backslash.
    const joined = linesOf(block.replaceAll(/\\\n +/g, '')).filter((line) => line.startsWith('-'));
    const found = joined.map((line) => line.replace(/^- "?/, '').replace(/"$/, ''));
    expect(found).to.deep.equal([
      ...GALERA_ARGUMENTS,
      '--wsrep-provider=/usr/lib/galera/libgalera_smm.so',
      '--wsrep-cluster-address=gcomm://galera-1,galera-2,galera-3',
      `--wsrep-provider-options=${PROVIDER_OPTIONS.join(';')}`,
    ]);
  });

  it('fills each place of the configuration of haproxy, with the packets of the local one', () => {
    const template = read('docker', 'haproxy', 'galera.cfg');
    const places = new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
    for (const name of places) expect(replicated).to.match(new RegExp(`^      ${name}: `, 'm'));
    for (const [name, packet] of Object.entries(checkPackets('watcher'))) {
      expect(places).to.include(name);
      expect(replicated).to.contain(`      ${name}: "${packet}"\n`);
    }
    const { image } = haproxyKind({ ports: [], watcher: '', password: '' });
    expect(replicated).to.contain(`    image: ${image.name}\n`);
  });

  it('gives the brokers the replication of the local ones', () => {
    for (const [name, value] of Object.entries(REPLICATION)) {
      expect(replicated).to.contain(`  ${imageVariable(name)}: "${value}"\n`);
    }
  });

  it('starts each Redis as compose.yml does', () => {
    const [, block = ''] = /^ {6}- redis-server\n((?: {6}.*\n)+)/m.exec(compose) ?? [];
    const flags = linesOf(block).filter((line) => !line.startsWith('#'));
    const words = flags.map((line) => line.replace(/^- /, '').replaceAll('"', ''));
    const commands = replicated.match(/^ +redis-server --.*/gm) ?? [];
    expect(commands.map((line) => line.trim())).to.deep.equal(
      Array(3).fill(['redis-server', ...words].join(' ')),
    );
  });

  it('configures Sentinel as the local one', () => {
    const [, block = ''] = /<<END\n(.*?)^ +END$/ms.exec(replicated) ?? [];
    const options = { masterName: 'lockstep', quorum: 2, downAfterMs: REDIS_DOWN_AFTER_MS };
    const expected = sentinelLines({ ...options, masterHost: 'redis-1', masterPort: '6379' });
    expect(linesOf(block)).to.include.members(expected);
  });

  it('builds its image once', () => {
    expect(replicated.match(/^ +build:$/gm)).to.have.lengthOf(1);
  });
});

function linesOf(block: string): string[] {
  return block
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
}
