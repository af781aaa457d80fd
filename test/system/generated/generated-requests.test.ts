import { expect } from 'chai';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { findClusterPort } from '../../../tools/cluster/find-cluster-port.js';
import { startLocalCluster } from '../../../tools/cluster/local-cluster.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { embedded } from '../../support/backends.js';
import { INSTANCE_PROGRAM, InstanceProcess } from '../../support/instance-process.js';
import { FAULTS, startPlantedService } from './planted-service.js';
import { type GeneratedResult, sendGenerated } from './schemathesis.js';

/** Duration of each run, in seconds. Longer runs find more. */
const SECONDS = Number(process.env['GENERATED_SECONDS'] ?? 10);
/** The same seed in each run, so that a failure comes from a change of the code. */
const SEED = Number(process.env['GENERATED_SEED'] ?? 11);

const ROLES = ['customer', 'admin', 'anyone'] as const;
type Role = (typeof ROLES)[number];

/** Without these answers a run has proved nothing about what only this role can reach. */
const EVIDENCE: Readonly<Record<Role, readonly string[]>> = {
  customer: ['open 2xx', 'open 4xx', 'customer 2xx', 'customer 4xx'],
  admin: ['open 2xx', 'customer 2xx', 'admin let in'],
  anyone: ['open 2xx', 'customer 4xx'],
};

interface Target {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isBehindProxy: boolean;
}

describe(`Requests made from the OpenAPI document, seed ${SEED}`, function () {
  this.timeout(600_000 + SECONDS * 10_000);

  it('find no error of one instance on SQLite', async () => {
    await using open = await embedded.open();
    const env = { ...open.env, SEED_DEMO: 'true' };
    await using instance = await InstanceProcess.start(env);
    await expectNoFindings({ url: instance.url, env, isBehindProxy: false });
  });

  it('find no error of two instances behind nginx', async () => {
    await using resources = new AsyncDisposableStack();
    const folder = new TemporaryFolder('generated-cluster');
    resources.defer(() => folder.close());
    const port = await findClusterPort();
    const cluster = await startLocalCluster({
      instances: 2,
      port,
      dataFolder: folder.path,
      withKafka: false,
      program: INSTANCE_PROGRAM,
    });
    const { url, env } = resources.use(cluster);
    await expectNoFindings({ url, env, isBehindProxy: true });
  });

  it('find every planted answer that the contract forbids', async () => {
    await using open = await embedded.open();
    await using instance = await InstanceProcess.start(open.env);
    const document = await (await fetch(`${instance.url}/openapi.json`)).text();
    await using planted = await startPlantedService(document);
    const { hasPassed, report } = await sendGenerated({
      ...{ url: planted.url, token: undefined, isBehindProxy: false, seconds: 60, seed: 1 },
      phases: ['examples', 'coverage'],
    });
    expect(hasPassed, report).to.equal(false);
    for (const { found } of FAULTS) expect(report).to.include(found);
  });
});

/** All roles at the same time. */
async function expectNoFindings(target: Target): Promise<void> {
  const results = await Promise.all(ROLES.map((role) => sendAs(role, target)));
  for (const [at, { hasPassed, report, answers }] of results.entries()) {
    const role = ROLES[at] as Role;
    expect(hasPassed, `${role}: ${report}`).to.equal(true);
    expect(answers, role).to.include.keys(...EVIDENCE[role]);
    if (role === 'anyone') expect(answers).not.to.have.any.keys('customer 2xx', 'admin 2xx');
  }
}

/** On a slow machine a run may send too few requests to prove anything; then it gets more time. */
async function sendAs(role: Role, { url, env, isBehindProxy }: Target): Promise<GeneratedResult> {
  const settings = readSettings({ ...env });
  const token =
    role === 'anyone' ? undefined : await signToken(settings, `generated-${role}`, role);
  const run = { url, token, isBehindProxy, seed: SEED };
  for (const times of [1, 2]) {
    const result = await sendGenerated({ ...run, seconds: SECONDS * times });
    if (!result.hasPassed || EVIDENCE[role].every((kind) => kind in result.answers)) return result;
  }
  return sendGenerated({ ...run, seconds: SECONDS * 4 });
}
