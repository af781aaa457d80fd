import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';
import { licenceProblems } from '../../../tools/supply-chain/licences/licence-problems.js';
import { LICENCE_RULES } from '../../../tools/supply-chain/licences/licence-rules.js';
import { LockedPackages } from '../../../tools/supply-chain/locked-packages.js';
import { PlantedProject } from './planted-project.js';

const RULES = { production: ['MIT', 'ISC'], development: ['MIT', 'MPL-2.0'], readByHand: {} };

/** The problems of a project whose package `a` needs the planted package. */
function problemsOf(license: string | undefined, rules = RULES): string[] {
  using project = new PlantedProject(
    { dependencies: { a: '1' } },
    {
      'node_modules/a': { version: '1.0.0', license: 'MIT', dependencies: { planted: '2' } },
      'node_modules/a/node_modules/planted': { version: '2.0.0', license },
      'node_modules/planted': { version: '3.0.0', license: 'MIT', dev: true },
    },
  );
  return licenceProblems(new LockedPackages(project.folder), rules);
}

function problemsInDevelopment(license: string): string[] {
  using project = new PlantedProject(
    { devDependencies: { tool: '1' } },
    { 'node_modules/tool': { version: '1.0.0', license, dev: true } },
  );
  return licenceProblems(new LockedPackages(project.folder), RULES);
}

describe('The check of licences', () => {
  it('accepts every package of this project', () => {
    const packages = new LockedPackages(projectRoot);
    expect(packages.all.length).to.be.greaterThan(500);
    expect(licenceProblems(packages, LICENCE_RULES)).to.deep.equal([]);
  });

  it('names package, version, licence and chain of a package that is not allowed', () => {
    expect(problemsOf('GPL-3.0-only')).to.deep.equal([
      'planted@2.0.0: licence GPL-3.0-only is not allowed in production (a > planted)',
    ]);
  });

  for (const [license, chosen] of [
    ['(MIT OR GPL-3.0-only)', true],
    ['(MIT AND ISC)', true],
    ['(MIT AND GPL-3.0-only)', false],
    ['MPL-2.0', false],
    ['SEE LICENSE IN terms.txt', false],
    ['UNLICENSED', false],
    [undefined, false],
  ] satisfies [string | undefined, boolean][]) {
    it(`${chosen ? 'accepts' : 'refuses'} ${license ?? 'no declared licence'} in production`, () => {
      expect(problemsOf(license)).to.have.length(chosen ? 0 : 1);
    });
  }

  it('has another list for development', () => {
    expect(problemsInDevelopment('MPL-2.0')).to.deep.equal([]);
    expect(problemsInDevelopment('ISC')).to.deep.equal([
      'tool@1.0.0: licence ISC is not allowed in development (tool)',
    ]);
  });

  it('takes a licence that was read by hand for exactly one version', () => {
    const readByHand = (label: string) => ({ ...RULES, readByHand: { [label]: 'MIT' } });
    expect(problemsOf(undefined, readByHand('planted@2.0.0'))).to.deep.equal([]);
    expect(problemsOf(undefined, readByHand('planted@1.9.0'))).to.deep.equal([
      'planted@2.0.0: licence none declared is not allowed in production (a > planted)',
      'planted@1.9.0: is listed as read by hand, but not in package-lock.json',
    ]);
  });
});
