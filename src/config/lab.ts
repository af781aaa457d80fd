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
import { ExperimentProcess } from '../experiments/lab/child/experiment-process.js';
import { ExperimentLab } from '../experiments/lab/experiment-lab.js';
import { removeLeftFolders } from '../experiments/lab/run-folder.js';
import { RunQueue } from '../experiments/lab/run-queue.js';
import { RunRecords } from '../experiments/lab/run-records.js';
import { DemoShop } from '../experiments/lab/shop/demo-shop.js';
import { openCluster } from './lab-cluster.js';
import type { Installation } from './modules/sql-bindings.js';
import { dataFolder } from './settings/files/data-folder.js';
import type { Settings } from './settings/settings.js';
import { signToken } from './settings/tokens/sign-token.js';

/** Life of the tokens of the shop's customers, in milliseconds. */
const SHOP_TOKEN_MS = 15 * 60 * 1_000;

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
  /** Address of this instance; it is asked for when the instance listens. */
  readonly ownUrl: () => string;
}

/** Undefined where the settings turn the lab off. */
export function openLab(
  settings: Settings,
  { tokens, metrics, bus, installation, logger, ownUrl }: LabParts,
): OpenLab | undefined {
  if (!settings.LAB) return undefined;
  removeLeftFolders();
  const child = new ExperimentProcess();
  const queue = new RunQueue();
  const lab = new ExperimentLab({
    queue,
    child,
    servers: serversOf(settings),
    records: new RunRecords(path.join(dataFolder(settings), 'lab-runs')),
    onFailure: (err, experiment) => logger.error({ err, experiment }, 'experiment failed'),
  });
  const codes = new SignInCodes();
  const code = codes.issue(settings.LAB_SIGN_IN_CODE);
  const access = new LabAccess(tokens, new LabSessions(installation.secret), codes);
  const shop = openShop(settings, { queue, logger, ownUrl });
  const cluster = openCluster(settings, { access, metrics, bus });
  const close = async () => {
    await Promise.all([queue.close(), cluster.close()]);
    await child.close();
  };
  return { router: labRouter(lab, access, cluster.router, shop), code, close };
}

/** Undefined where only an identity provider can sign tokens for customers. */
function openShop(
  settings: Settings,
  { queue, logger, ownUrl }: Pick<LabParts, 'logger' | 'ownUrl'> & { readonly queue: RunQueue },
): DemoShop | undefined {
  if (settings.JWT_JWKS_URL) return undefined;
  return new DemoShop({
    queue,
    service: {
      url: () => settings.LAB_SHOP_URL ?? ownUrl(),
      token: (userId, role) => signToken(settings, userId, role, `${SHOP_TOKEN_MS / 1_000}s`),
    },
    tokenLifeMs: SHOP_TOKEN_MS,
    onFailure: (err) => logger.error({ err }, 'flash sale failed'),
  });
}

/**
 * The servers that the settings name, if they name both: the experiments compare what instances
 * share.
 */
function serversOf({ DATABASE_URL, REDIS_URL, KAFKA_BROKERS }: Settings): Servers | undefined {
  if (!DATABASE_URL || !REDIS_URL) return undefined;
  const kafkaBrokers = KAFKA_BROKERS?.map(({ host, port }) => `${host}:${port}`).join(',');
  return { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, kafkaBrokers };
}
