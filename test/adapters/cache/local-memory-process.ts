import { setTimeout } from 'node:timers/promises';
import { LocalEntries, LocalEntry } from '../../../src/adapters/cache/local/local-entries.js';

// This is not a test: local-memory.test.ts runs it and reads its output.
const [keys = 0, textLength = 0] = process.argv.slice(2).map(Number);
const maxBytes = 16 * 1024 * 1024;
const from = { monotonicMs: performance.now(), wallMs: Date.now() };

async function used(): Promise<number> {
  // The memory of buffers is freed some time after their collection.
  for (let i = 0; i < 5; i += 1) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const before = await used();
const entries = new LocalEntries({ maxEntries: 10_000_000, maxBytes });
for (let i = 0; i < keys; i += 1) {
  const key = `product:${String(i).padStart(36, '0')}`;
  // Made again each time, like a parsed reply. It is flat, so it does not keep a larger text in
  // memory.
  const text = Buffer.alloc(textLength, 65 + (i % 26)).toString('latin1');
  const hit = { text, source: 'l1' as const };
  entries.set(key, new LocalEntry(hit, [key], from, 60_000));
}
process.stdout.write(JSON.stringify({ heap: (await used()) - before, counted: entries.bytes }));
// Uses the entries after the measurement, so that they are not collected before it.
if (entries.size < 0) process.exit(1);
