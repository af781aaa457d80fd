import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { findPythonTool } from '../../../tools/python/find-python-tool.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

/** Makes an environment whose pip takes a moment and counts its installations, as the real ones do. */
const PYTHON = `#!/bin/sh
mkdir -p "$3/bin"
cat > "$3/bin/pip" <<'PIP'
#!/bin/sh
sleep 0.2
echo installed >> "$XDG_CACHE_HOME/installations"
touch "$(dirname "$0")/schemathesis"
PIP
chmod +x "$3/bin/pip"
`;

describe('The installation of a program that is written in Python', () => {
  let folder: TemporaryFolder;
  const { PATH, XDG_CACHE_HOME } = process.env;

  beforeEach(() => {
    folder = new TemporaryFolder('python');
    const bin = path.join(folder.path, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'python3'), PYTHON);
    chmodSync(path.join(bin, 'python3'), 0o755);
    Object.assign(process.env, {
      PATH: `${bin}:${PATH}`,
      XDG_CACHE_HOME: path.join(folder.path, 'cache'),
    });
  });

  afterEach(async () => {
    process.env['PATH'] = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
    await folder.close();
  });

  it('is made once for callers that need it at the same time', async () => {
    const found = await Promise.all([1, 2, 3].map(() => findPythonTool('schemathesis')));
    const [first = '', ...others] = found;
    expect(existsSync(first)).to.equal(true);
    expect(others).to.deep.equal([first, first]);
    const log = path.join(folder.path, 'cache', 'installations');
    expect(readFileSync(log, 'utf8')).to.equal('installed\n');
  });
});
