import type { Router } from 'express';
import type { Registry } from 'prom-client';
import { ClusterPanel } from '../adapters/http/lab/cluster/cluster-panel.js';
import { clusterRouter } from '../adapters/http/lab/cluster/cluster-router.js';
import { InstanceClient } from '../adapters/http/lab/cluster/instance-client.js';
import { type Bus, InstanceControls } from '../adapters/http/lab/cluster/instance-controls.js';
import type { LabAccess } from '../adapters/http/lab/lab-access.js';
import type { Settings } from './settings/settings.js';
import { signToken } from './settings/tokens/sign-token.js';

interface ClusterParts {
  readonly access: LabAccess;
  readonly metrics: Registry;
  /** Undefined: the cache is not shared. */
  readonly bus: Bus | undefined;
}

/** User of the requests that the panel sends to the instances. */
const USER = 'lab';

/** The cluster panel of the lab. */
export function openCluster(
  settings: Settings,
  { access, metrics, bus }: ClusterParts,
): { readonly router: Router; close(): Promise<void> } {
  const { INSTANCE_ID: self, CACHE_MAX_STALENESS_MS: boundMs, LOCK_LEASE_MS: leaseMs } = settings;
  const lacks = missing(settings);
  const token = () => signToken(settings, USER, 'admin');
  const urls = lacks ? [] : (settings.LAB_INSTANCES ?? []);
  const instances = urls.map((url) => new InstanceClient(url, token));
  const panel = new ClusterPanel({ lacks, instances, self, boundMs });
  const controls = new InstanceControls({ instance: self, boundMs, leaseMs, metrics, bus });
  return { router: clusterRouter(panel, controls, access), close: () => panel.close() };
}

/** What the settings lack for the panel. Where a provider signs the tokens, an instance cannot. */
function missing({ LAB_INSTANCES: urls = [], JWT_JWKS_URL }: Settings) {
  if (urls.length < 2) return 'addresses';
  return JWT_JWKS_URL ? 'secret' : undefined;
}
