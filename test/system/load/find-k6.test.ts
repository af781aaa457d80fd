import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { findK6 } from '../../../tools/load/find-k6.js';
import { LoadError } from '../../../tools/load/load-options.js';

/** Stubs of these programs, which answer what the test asks. */
const PROGRAMS = {
  'an engine with the image': { docker: 'exit 0' },
  'an engine without the image': { docker: '[ "$1" = info ]' },
  'no engine': { docker: 'exit 1' },
  go: { go: 'echo "#!/bin/sh" > "$GOBIN/k6"' },
};

describe('The search for k6', () => {
  let folder: string;
  const { PATH, XDG_CACHE_HOME } = process.env;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-k6-'));
    process.env['PATH'] = path.join(folder, 'bin');
    process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
    mkdirSync(path.join(folder, 'bin'));
  });

  afterEach(() => {
    process.env['PATH'] = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
    rmSync(folder, { recursive: true });
  });

  function install(...names: readonly (keyof typeof PROGRAMS)[]): void {
    for (const [name, text] of names.flatMap((each) => Object.entries(PROGRAMS[each]))) {
      const file = path.join(folder, 'bin', name);
      writeFileSync(file, `#!/bin/sh\n${text}\n`);
      chmodSync(file, 0o755);
    }
  }

  it('runs k6 in Docker when the engine has the image', () => {
    install('an engine with the image', 'go');
    expect(findK6([]).command).to.equal('docker');
  });

  for (const engine of ['an engine without the image', 'no engine'] as const) {
    it(`builds it where there is ${engine}`, () => {
      install(engine, 'go');
      expect(findK6([]).command).to.match(/cache\/lockstep\/k6-v[\d.]+\/k6$/);
    });

    it(`says what to install where there is ${engine} and no Go`, () => {
      install(engine);
      expect(() => findK6([])).to.throw(LoadError, /install it/);
    });
  }
});
