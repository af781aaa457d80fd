import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { LAB_PAGE } from '../../../../tools/build/build-lab.js';

/** Compressed, in bytes. */
const MAX_BYTES = 150_000;

describe('The page of the lab', () => {
  it('has less than 150 kB, compressed', () => {
    const files = readdirSync(LAB_PAGE);
    expect(files).to.include.members(['index.html', 'lab.css', 'lab.js']);
    const sizes = files.map((file) => gzipSync(readFileSync(path.join(LAB_PAGE, file))).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).to.be.within(10_000, MAX_BYTES);
  });
});
