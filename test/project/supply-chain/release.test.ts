import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { packRelease } from '../../../tools/supply-chain/release/packed-release.js';
import { makeSbom } from '../../../tools/supply-chain/sbom/make-sbom.js';

describe('A packed release', () => {
  it('has its SBOM beside it, and replaces both files of the version before', async () => {
    await using folder = new TemporaryFolder('release');
    await packRelease('8.0.0', folder.path);
    await packRelease('9.0.0', folder.path);
    const files = readdirSync(folder.path).sort();
    expect(files).to.deep.equal(['lockstep-9.0.0.cdx.json', 'lockstep-9.0.0.tgz']);
    const sbom = readFileSync(path.join(folder.path, 'lockstep-9.0.0.cdx.json'), 'utf8');
    expect(sbom).to.equal(makeSbom(projectRoot));
  });

  it('is the archive of the last version with its SBOM', () => {
    const files = readdirSync(path.join(projectRoot, 'test', 'system', 'upgrade', 'releases'));
    const [, version = ''] = /^lockstep-(.*)\.tgz$/m.exec(files.join('\n')) ?? [];
    expect(files).to.have.members([`lockstep-${version}.cdx.json`, `lockstep-${version}.tgz`]);
  });
});
