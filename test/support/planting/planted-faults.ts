import { expect } from 'chai';
import { type MarkedFault, PlantedCopy } from './planted-copy.js';

/** A mistake that could be made, and the test that must fail then. */
export interface PlantedFault {
  readonly name: string;
  readonly suite: string;
  /** The title of the test, or the end of its full title. */
  readonly caughtBy: string;
  readonly changes: readonly MarkedFault[];
}

const WAIT_TIMEOUT_MS = 60_000;

/** Plants each fault in a copy of the build and expects its test to fail. */
export function describePlantedFaults(title: string, faults: readonly PlantedFault[]): void {
  describe(title, function () {
    this.timeout(260_000);
    let copy: PlantedCopy;
    before(async () => {
      copy = await PlantedCopy.make(['src', 'test', 'tools']);
    });
    after(() => copy.remove());
    afterEach(() => copy.heal());

    it('nothing without a planted fault', async () => {
      const cases = faults.map(({ suite, caughtBy: title }) => ({ suite, title }));
      expect(await copy.failuresOfAll(cases, WAIT_TIMEOUT_MS)).to.deep.equal([]);
    });

    for (const { name, suite, caughtBy, changes } of faults) {
      it(`${name}, by: ${caughtBy}`, async () => {
        copy.plant(changes);
        const failed = await copy.failures(suite, caughtBy, WAIT_TIMEOUT_MS);
        expect(failed).to.have.length(1);
        expect(caughtBy.endsWith(`${failed[0]}`)).to.equal(true);
      });
    }
  });
}
