import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';
import { scanLibraries } from '../../../tools/supply-chain/vulnerabilities/library-scan.js';
import { auditByRegistry } from '../../../tools/supply-chain/vulnerabilities/registry-audit.js';
import { verdict } from '../../../tools/supply-chain/vulnerabilities/verdict.js';
import { PlantedProject } from './planted-project.js';

/** As a registry answers it. The real npm asks for it, with a registry of this test. */
const ADVISORIES = {
  lodash: [
    {
      id: 1065,
      url: 'https://github.com/advisories/GHSA-jf85-cpcp-j695',
      title: 'Prototype Pollution in lodash',
      severity: 'critical',
      vulnerable_versions: '<4.17.12',
      cwe: ['CWE-1321'],
      cvss: { score: 9.1, vectorString: null },
    },
  ],
};

describe('The search for known vulnerabilities', () => {
  let registry: Server;
  let project: PlantedProject;
  /** The status of an audit. */
  let status: number;

  before(async () => {
    registry = createServer((request, response) => {
      request.resume();
      const isAudit = request.url?.endsWith('/security/advisories/bulk');
      response.writeHead(isAudit ? status : 404, { 'Content-Type': 'application/json' });
      response.end(isAudit && status === 200 ? JSON.stringify(ADVISORIES) : '{}');
    });
    await once(registry.listen(0, '127.0.0.1'), 'listening');
    project = new PlantedProject(
      { dependencies: { a: '1.0.0' } },
      {
        'node_modules/a': { version: '1.0.0', dependencies: { lodash: '4.17.4' } },
        'node_modules/lodash': { version: '4.17.4' },
      },
    );
  });

  after(() => {
    registry.close();
    project[Symbol.dispose]();
  });

  function audit() {
    const { port } = registry.address() as AddressInfo;
    return auditByRegistry(project.folder, [`--registry=http://127.0.0.1:${port}`]);
  }

  it('finds an old lodash when the registry knows its advisories', async () => {
    status = 200;
    const answer = await audit();
    expect(answer).to.deep.equal({
      isAnswered: true,
      vulnerabilities: [
        {
          where: 'lodash@4.17.4, production (a > lodash)',
          severity: 'critical',
          title: 'Prototype Pollution in lodash',
          links: ['https://github.com/advisories/GHSA-jf85-cpcp-j695'],
        },
      ],
    });
    expect(verdict(answer, []).exitCode).to.equal(1);
  });

  it('says that nothing was checked when the registry answers no audits', async () => {
    status = 405;
    const answer = await audit();
    expect(answer.isAnswered).to.equal(false);
    const { exitCode, summary } = verdict(answer, []);
    expect(exitCode).to.equal(3);
    expect(summary.at(-1)).to.match(
      /^packages: not checked: the registry answers no audits \(405 /,
    );
  });

  it('ends with 0 only when the registry answered and nothing is known', () => {
    const scan = { recognised: 1, vulnerabilities: [] };
    expect(verdict({ isAnswered: true, vulnerabilities: [] }, [scan]).exitCode).to.equal(0);
    expect(verdict({ isAnswered: false, reason: 'down' }, [scan]).exitCode).to.equal(3);
  });

  it('finds an old library in a file, whatever the registry answers', async () => {
    project.write('bundle.js', '//! moment.js\n//! version : 2.18.0\n');
    const scan = await scanLibraries(project.folder);
    const { exitCode, findings } = verdict({ isAnswered: false, reason: 'down' }, [scan]);
    expect(exitCode).to.equal(1);
    expect(findings.join('\n')).to.match(/^moment\.js 2\.18\.0 in .*bundle\.js: high: .*https:/);
  });

  it('recognises the libraries inside of the page at /docs, and finds them up to date', async () => {
    const scan = await scanLibraries(path.join(projectRoot, 'node_modules', 'swagger-ui-dist'));
    expect(scan.recognised).to.be.greaterThan(0);
    expect(scan.vulnerabilities).to.deep.equal([]);
  });
});
