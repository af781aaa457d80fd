import path from 'node:path';
import type { Router } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { TokenVerifier } from '../adapters/http/auth/token-verifier.js';
import type { Bus } from '../adapters/http/lab/cluster/instance-controls.js';
import { LabAccess } from '../adapters/http/lab/lab-access.js';
import { labRouter } from '../adapters/http/lab/lab-router.js';
import { LabSessions } from '../adapters/http/lab/lab-sessions.js';
import { SignInCodes } from '../adapters/http/lab/sign-in-codes.js';
import type { Servers } from '../experiments/experiment.js';
import { ExperimentLab } from '../experiments/lab/experiment-lab.js';
import { RunFolder } from '../experiments/lab/run-folder.js';
import { RunRecords } from '../experiments/lab/run-records.js';
import { openCluster } from './lab-cluster.js';
import type { Installation } from './modules/sql-bindings.js';
import { dataFolder } from './settings/data-folder.js';
import type { Settings } from './settings/settings.js';

/** The lab of an instance. */
export interface OpenLab {
  readonly router: Router;
  /** Code of a link that signs in once; see SignInCodes. */
  readonly code: string;
  close(): Promise<void>;
}

interface LabParts {
  readonly tokens: TokenVerifier;
  readonly metrics: Registry;
  /** Undefined: the cache is not shared. */
  readonly bus: Bus | undefined;
  readonly installation: Installation;
  readonly logger: Logger;
}

/** Undefined where the settings turn the lab off. */
export function openLab(
  settings: Settings,
  { tokens, metrics, bus, installation, logger }: LabParts,
): OpenLab | undefined {
  if (!settings.LAB) return undefined;
  const lab = new ExperimentLab({
    place: placeOf(settings),
    records: new RunRecords(path.join(dataFolder(settings), 'lab-runs')),
    onFailure: (err, experiment) => logger.error({ err, experiment }, 'experiment failed'),
  });
  const codes = new SignInCodes();
  const code = codes.issue(settings.LAB_SIGN_IN_CODE);
  const access = new LabAccess(tokens, new LabSessions(installation.secret), codes);
  const cluster = openCluster(settings, { access, metrics, bus });
  const close = async () => {
    await Promise.all([lab.close(), cluster.close()]);
  };
  return { router: labRouter(lab, access, cluster.router), code, close };
}

/**
 * The servers that the settings name, if they name both: the experiments compare what instances
 * share.
 */
function placeOf({ DATABASE_URL, REDIS_URL, KAFKA_BROKERS }: Settings): Servers | RunFolder {
  if (!DATABASE_URL || !REDIS_URL) return new RunFolder();
  const kafkaBrokers = KAFKA_BROKERS?.map(({ host, port }) => `${host}:${port}`).join(',');
  return { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, kafkaBrokers };
}
