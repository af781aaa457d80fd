import type { Registry } from 'prom-client';
import { exemptAddresses } from '../adapters/http/admission/exempt-addresses.js';
import { LoadShedding } from '../adapters/http/admission/load-shedding.js';
import { streamLimit, writeLimit } from '../adapters/http/admission/open-request-limit.js';
import type { SharedCounts } from '../adapters/http/admission/shared-counts.js';
import { countRefusals, reportOverload } from '../adapters/http/operations/http-metrics.js';
import type { Resources } from './resources.js';
import { rateLimitsOf } from './settings/limit-settings.js';
import type { Settings } from './settings/settings.js';

/** What decides whether a request may run, and counts those that may not. */
export function admissionOf(
  settings: Settings,
  shared: SharedCounts,
  metrics: Registry,
  resources: Resources,
) {
  const shedding = new LoadShedding(settings.EVENT_LOOP_DELAY_MAX_MS);
  resources.defer(async () => shedding.stop());
  const isOverloaded = () => shedding.isOverloaded;
  reportOverload(metrics, isOverloaded);
  const onRefused = countRefusals(metrics);
  const { ORDER_STREAMS_MAX: ofInstance, ORDER_STREAMS_MAX_PER_USER: ofUser } = settings;
  return {
    streams: streamLimit({ ofInstance, ofUser }, () => onRefused('streams')),
    writes: writeLimit(settings.OPEN_WRITES_MAX_PER_USER, () => onRefused('open-writes')),
    load: {
      rules: rateLimitsOf(settings),
      shared,
      exempt: exemptAddresses(settings.RATE_LIMIT_EXEMPT),
      isOverloaded,
      onRefused,
    },
  };
}
