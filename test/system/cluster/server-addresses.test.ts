import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { expect } from 'chai';
import {
  exportLines,
  readAddresses,
  readyLines,
  serverAddresses,
  writeAddresses,
} from '../../../tools/cluster/server-addresses.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

const DATABASE_URL = 'mysql://root:se$cret@127.0.0.1:3306/lockstep';

describe('The addresses of a cluster’s servers', () => {
  const folder = new TemporaryFolder('addresses');
  after(() => folder.close());
  const addresses = serverAddresses({
    ...{ DATABASE_URL, REDIS_URL: 'redis://127.0.0.1:6379', KAFKA_BROKERS: '' },
    ...{ JWT_SECRET: 'not for others', PATH: '/bin' },
  });
  const cluster = { url: 'http://127.0.0.1:8080', notes: 'logs in x', addresses };

  it('are exactly the variables that other commands read', () => {
    expect(Object.keys(addresses)).to.deep.equal(['DATABASE_URL', 'REDIS_URL']);
  });

  it('pass through a shell unchanged, quotes included', () => {
    const lines = exportLines({ DATABASE_URL, QUOTED: "it's" });
    const shown = execFileSync('sh', ['-c', `${lines}printf '%s %s' "$DATABASE_URL" "$QUOTED"`], {
      encoding: 'utf8',
    });
    expect(shown).to.equal(`${DATABASE_URL} it's`);
  });

  it('are in a file that only its owner can read, and the demonstration reads them', () => {
    expect(readAddresses(folder.path)).to.deep.equal({});
    const file = writeAddresses(folder.path, addresses);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readAddresses(folder.path)).to.deep.equal({ ...addresses });
  });

  it('are printed on a terminal after the line that says that the cluster is ready', () => {
    const lines = readyLines(cluster, { isTTY: true }).split('\n');
    expect(lines[0]).to.equal('cluster ready http://127.0.0.1:8080 (logs in x)');
    expect(lines).to.include(`export DATABASE_URL='${DATABASE_URL}'`);
  });

  it('are not printed when the output is not a terminal', () => {
    for (const stream of [{ isTTY: false }, {}]) {
      expect(readyLines(cluster, stream)).to.equal(
        'cluster ready http://127.0.0.1:8080 (logs in x)',
      );
    }
  });
});
