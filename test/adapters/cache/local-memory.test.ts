import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const MIB = 1024 * 1024;

/** Measures in a separate process, whose memory contains nothing else that grows. */
async function measure(
  keys: number,
  textLength: number,
): Promise<{ heap: number; counted: number }> {
  const program = fileURLToPath(new URL('./local-memory-process.js', import.meta.url));
  const args = ['--expose-gc', program, String(keys), String(textLength)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

describe('The memory of LocalEntries', () => {
  for (const textLength of [20, 300, 5_000]) {
    it(`stays under maxBytes with a million keys of ${textLength} characters`, async () => {
      const { heap, counted } = await measure(1_000_000, textLength);
      expect(counted).to.be.within(8 * MIB, 16 * MIB);
      expect(heap).to.be.lessThan(16 * MIB);
    }).timeout(240_000);
  }
});
