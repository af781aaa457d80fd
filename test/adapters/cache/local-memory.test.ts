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

/** Number of keys by length of text: each fills the memory several times. */
const KEYS = { 20: 200_000, 300: 100_000, 5000: 20_000 };

describe('The memory of LocalEntries', () => {
  for (const [textLength, keys] of Object.entries(KEYS)) {
    it(`stays under maxBytes with ${keys} keys of ${textLength} characters`, async () => {
      const { heap, counted } = await measure(keys, Number(textLength));
      expect(counted).to.be.within(8 * MIB, 16 * MIB);
      expect(heap).to.be.lessThan(16 * MIB);
    }).timeout(240_000);
  }
});
