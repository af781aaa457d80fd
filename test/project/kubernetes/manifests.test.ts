import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readSettings } from '../../../src/config/settings/settings.js';
import { projectRoot } from '../../../tools/project-root.js';
import { findPythonTool } from '../../../tools/python/find-python-tool.js';

const ROOT = path.join(projectRoot, 'kubernetes');
/** The oldest version that README.md there promises: a pause before a stop needs it. */
const OLDEST = '1.34';

const files = globSync('*/*.yaml', { cwd: ROOT });
const manifests = files.filter((file) => path.basename(file) !== 'kustomization.yaml');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

describe('The files for Kubernetes', () => {
  let folder: string;
  let validate: string;

  before(async function () {
    this.timeout(300_000);
    validate = await findPythonTool('kubernetes-validate');
    folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-kubernetes-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The report of the schemas; empty when there is no problem. An unknown field is one. */
  function problemsOf(...paths: string[]): string {
    const args = ['--strict', '--quiet', '-k', OLDEST, ...paths];
    const { status, stdout, stderr } = spawnSync(validate, args, { encoding: 'utf8' });
    // It only warns of a kind that it does not know.
    return stdout + stderr || (status === 0 ? '' : `ended with ${status}`);
  }

  it('are as the schemas of Kubernetes want them', () => {
    expect(manifests).to.have.length.at.least(6);
    expect(problemsOf(...manifests.map((file) => path.join(ROOT, file)))).to.equal('');
  });

  for (const [what, file, right, wrong] of [
    ['an unknown field', 'service/deployment.yaml', 'readinessProbe:', 'readynessProbe:'],
    ['a field at a wrong place', 'service/network-policy.yaml', 'podSelector:', 'selector:'],
    ['a wrong type', 'service/horizontal-pod-autoscaler.yaml', 'Replicas: 2', 'Replicas: two'],
    ['an unknown version', 'migrate/job.yaml', 'batch/v1', 'batch/v3'],
  ] as const) {
    it(`are refused with ${what}`, () => {
      const text = read(file);
      expect(text).to.contain(right);
      const changed = path.join(folder, 'changed.yaml');
      writeFileSync(changed, text.replace(right, wrong));
      expect(problemsOf(changed)).not.to.equal('');
    });
  }

  it('are all named by their kustomization', () => {
    for (const room of ['migrate', 'service']) {
      const { resources } = parse(read(`${room}/kustomization.yaml`));
      const here = manifests.filter((file) => path.dirname(file) === room);
      expect(resources.toSorted()).to.deep.equal(
        here.map((file) => path.basename(file)).toSorted(),
      );
    }
  });

  describe('run an instance that', () => {
    const { spec } = parse(read('service/deployment.yaml')).spec.template;
    const [container] = spec.containers;
    const env: Record<string, string> = Object.fromEntries(
      container.env.map(({ name, value }: Record<string, string>) => [name, value ?? 'pod-1']),
    );

    it('has settings that the service accepts, with every secret from a mounted file', () => {
      const [{ mountPath }] = container.volumeMounts;
      const secrets = Object.entries(env).filter(([name]) => name.endsWith('_FILE'));
      expect(secrets.map(([name]) => name)).to.have.length.at.least(3);
      const mounted = secrets.map(([name, file]) => {
        expect(path.dirname(file)).to.equal(mountPath);
        const copy = path.join(folder, path.basename(file));
        writeFileSync(copy, exampleOf(path.basename(file)));
        return [name, copy];
      });
      const settings = readSettings({ ...env, ...Object.fromEntries(mounted), DATA_DIR: folder });
      expect(settings).to.include({ MIGRATE: false, INSTANCE_ID: 'pod-1' });
      expect(settings.REDIS_URL).to.equal(exampleOf('redis-url'));
    });

    it('has time to drain and to finish before it is killed', () => {
      const { seconds } = container.lifecycle.preStop.sleep;
      const stopMs = Number(env['SHUTDOWN_DRAIN_MS']) + Number(env['SHUTDOWN_GRACE_MS']);
      expect(spec.terminationGracePeriodSeconds).to.be.greaterThan(seconds + stopMs / 1_000);
    });

    it('is asked at its own routes', () => {
      const [{ name, containerPort }] = container.ports;
      expect(containerPort).to.equal(3000);
      const probes = { startup: '/healthz', liveness: '/healthz', readiness: '/readyz' };
      for (const [probe, route] of Object.entries(probes)) {
        expect(container[`${probe}Probe`].httpGet).to.deep.equal({ path: route, port: name });
      }
    });

    it('migrates by a Job with the command of the image, and cannot write outside its volumes', () => {
      const job = parse(read('migrate/job.yaml')).spec.template.spec;
      const [program, script] = job.containers[0].command;
      expect(program).to.equal('node');
      // `dist/src` in the image is built from `src`.
      const source = script.replace(/^dist\//, '').replace(/\.js$/, '.ts');
      expect(globSync(source, { cwd: projectRoot })).to.deep.equal([source]);
      for (const pod of [spec, job]) {
        expect(pod.securityContext.runAsNonRoot).to.equal(true);
        expect(pod.containers[0].securityContext.readOnlyRootFilesystem).to.equal(true);
      }
    });
  });
});

function exampleOf(secret: string): string {
  const examples: Record<string, string> = {
    'database-url': 'mysql://lockstep:secret@mysql:3306/lockstep',
    'redis-url': 'redis://lockstep:secret@redis:6379',
    'jwt-secret': 'x'.repeat(32),
  };
  return examples[secret] ?? '';
}
