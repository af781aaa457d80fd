import type { LockCapabilities, LockHarness, MakeLocks } from './lock-harness.js';
import { leaseCases } from './lock-lease-cases.js';
import { crashCases, serviceCases } from './lock-service-cases.js';
import { waitingCases } from './lock-waiting-cases.js';

/** The promises of every Lock, in memory or in a service. */
export function lockContract(
  name: string,
  capabilities: LockCapabilities,
  makeLocks: MakeLocks,
): void {
  describe(`${name}: lock contract`, () => {
    const open: LockHarness[] = [];
    const harness: MakeLocks = async (settings) => {
      const made = await makeLocks(settings);
      open.push(made);
      return made;
    };
    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });
    leaseCases(harness);
    if (capabilities.waiting !== 'none') waitingCases(capabilities.waiting, harness);
    // A lock in memory has no service that could fail, and it ends with its process.
    if (capabilities.storage === 'in process') return;
    serviceCases(capabilities.waiting, harness);
    if (capabilities.storage === 'service, two processes')
      crashCases(capabilities.waiting, harness);
  });
}
