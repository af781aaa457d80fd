import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { signingSecret } from '../../src/config/settings/tokens/signing-secret.js';

describe('The signing secret', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lockstep-secret-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is JWT_SECRET when that is set', () => {
    const secret = signingSecret({ JWT_SECRET: 's'.repeat(40), DATA_DIR: folder });
    expect(new TextDecoder().decode(secret)).to.equal('s'.repeat(40));
  });

  it('is generated once, at random, in a file that only its owner can read', async () => {
    const DATA_DIR = path.join(folder, 'data');
    const secret = signingSecret({ DATA_DIR });
    expect(signingSecret({ DATA_DIR })).to.deep.equal(secret);
    expect(await readdir(DATA_DIR)).to.deep.equal(['jwt-secret']);
    const file = path.join(DATA_DIR, 'jwt-secret');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await readFile(file, 'utf8')).length).to.be.at.least(43);
  });

  it('differs from one data folder to the next', () => {
    const [one, two] = ['a', 'b'].map((name) =>
      signingSecret({ DATA_DIR: path.join(folder, name) }),
    );
    expect(one).not.to.deep.equal(two);
  });
});
