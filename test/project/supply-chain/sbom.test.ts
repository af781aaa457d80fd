import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validation } from '@cyclonedx/cyclonedx-library';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';
import { makeSbom, SBOM_SPEC } from '../../../tools/supply-chain/sbom/make-sbom.js';
import { PlantedProject } from './planted-project.js';

interface Sbom {
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly purl: string;
    readonly scope: string;
    readonly hashes?: readonly object[];
  }[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
const validator = new Validation.JsonStrictValidator(SBOM_SPEC.version);

describe('The SBOM', () => {
  let text: string;
  let sbom: Sbom;

  before(() => {
    text = makeSbom(projectRoot);
    sbom = JSON.parse(text);
  });

  it('is valid CycloneDX', async () => {
    expect(await validator.validate(text)).to.equal(null);
  });

  it('would be refused with a field that CycloneDX does not have', async () => {
    const wrong = JSON.stringify({ ...sbom, packages: [] });
    expect(await validator.validate(wrong)).not.to.equal(null);
  });

  it('is the same text each time', () => {
    expect(makeSbom(projectRoot)).to.equal(text);
    expect(text).not.to.match(/"(timestamp|serialNumber)"/);
  });

  it('names the service, every package that it depends on, and no tool of development', () => {
    const { name, version } = manifest;
    expect(sbom.metadata.component).to.include({ name, version });
    const direct = sbom.dependencies.find(({ ref }) => ref === name)?.dependsOn ?? [];
    expect(direct).to.include.members(
      Object.keys(manifest.dependencies).map((each) => `node_modules/${each}`),
    );
    const refs = sbom.components.map((component) => component['bom-ref']);
    expect(refs).to.include.members([...direct]);
    // Sequelize brings it, and tools of development need it as well.
    expect(refs).to.include('node_modules/lodash');
    expect(refs).not.to.include('node_modules/knip');
  });

  it('lists every package once, with the hash of its archive, and only packages that it lists', () => {
    const refs = new Set(sbom.components.map((component) => component['bom-ref']));
    expect(refs.size).to.equal(sbom.components.length);
    for (const { purl, hashes } of sbom.components) expect(hashes, purl).to.have.length(1);
    for (const { dependsOn = [] } of sbom.dependencies) {
      for (const ref of dependsOn) expect(refs).to.include(ref);
    }
  });

  it('writes names with a scope, hashes and optional packages as the specification says', () => {
    const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
    using project = new PlantedProject(
      { dependencies: { '@scope/a': '1' } },
      { 'node_modules/@scope/a': { version: '1.0.0', optional: true, integrity } },
    );
    const [component] = JSON.parse(makeSbom(project.folder)).components;
    expect(component).to.deep.include({
      ...{ group: '@scope', name: 'a', purl: 'pkg:npm/%40scope/a@1.0.0', scope: 'optional' },
      hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }],
    });
  });
});
