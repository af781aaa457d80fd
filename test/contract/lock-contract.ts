import type { LockHarness, LockTraits, MakeLockHarness } from './lock-harness.js';
import { leaseCases } from './lock-lease-cases.js';
import { crashCases, serviceCases } from './lock-service-cases.js';
import { waitingCases } from './lock-waiting-cases.js';

/** What every Lock promises, whatever keeps its locks. */
export function lockContract(name: string, traits: LockTraits, makeHarness: MakeLockHarness): void {
  describe(`${name}: lock contract`, () => {
    const open: LockHarness[] = [];
    const harness: MakeLockHarness = async (settings) => {
      const made = await makeHarness(settings);
      open.push(made);
      return made;
    };
    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });
    leaseCases(harness);
    if (traits.way !== 'never') waitingCases(traits.way, harness);
    // A lock in memory has no service to lose, and dies with its process.
    if (traits.kept === 'in process') return;
    serviceCases(traits.way, harness);
    if (traits.kept === 'for two processes') crashCases(traits.way, harness);
  });
}
