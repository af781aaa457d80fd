import { Quotas } from '../../domain/orders/quotas.js';
import type { Settings } from './settings.js';

export function quotasOf(settings: Settings): Quotas {
  return new Quotas({
    unpaidOrders: settings.QUOTA_UNPAID_ORDERS,
    holds: settings.QUOTA_HOLDS,
    units: settings.QUOTA_UNITS,
    queuedOrders: settings.QUOTA_QUEUED_ORDERS,
  });
}
