import { expect } from 'chai';
import {
  type BoundaryReport,
  checkBoundaries,
  ruleNames,
} from '../../../tools/check/boundaries/boundaries.js';
import { SourceTree } from './source-tree.js';

/** A tree without violations, so that a case below fails only by its own line. */
const CLEAN = {
  'src/main.ts': `import './config/container.js';`,
  'src/config/container.ts': `import 'inversify'; import '../adapters/lock/redis-lock.js'; import '../experiments/no-lock.js';`,
  'src/domain/order.ts': `export class Order {}`,
  'src/domain/ports/lock-port.ts': `export abstract class LockPort {}`,
  'src/domain/ports/transaction-port.ts': `import type { Order } from '../order.js'; export type T = Order;`,
  'src/application/place-order.ts': `import type { Order } from '../domain/order.js'; export type P = Order;`,
  'src/application/unit-of-work/locked.ts': `import { AsyncLocalStorage } from 'node:async_hooks'; import type { LockPort } from '../../domain/ports/lock-port.js'; export const a = [AsyncLocalStorage]; export type L = LockPort;`,
  'src/adapters/lock/redis-lock.ts': `import './script.js'; export const x = 1;`,
  'src/adapters/lock-and-cache-adapters/lock-port-adapter.ts': `import { LockPort } from '../../domain/ports/lock-port.js'; import { x } from '../lock/redis-lock.js'; export const y = [LockPort, x];`,
  'src/adapters/lock/script.ts': `import '../redis/script.js'; export const script = 1;`,
  'src/adapters/redis/script.ts': `import { createClient } from '@redis/client'; export const text = [createClient];`,
  'src/adapters/http/server.ts': `import 'express'; import type { P } from '../../application/place-order.js'; export type S = P;`,
  'src/experiments/no-lock.ts': `import { script } from '../adapters/lock/script.js'; import type { T } from '../domain/ports/transaction-port.js'; import type { L } from '../application/unit-of-work/locked.js'; export const noLock = script; export type N = [T, L];`,
  'src/commands/token.ts': `import '../config/container.js';`,
  'src/adapters/http/lab/race-order.ts': `export const orderProblem = 1;`,
  'src/adapters/http/lab/lab-schemas.ts': `import { z } from 'zod'; export const schemas = z;`,
  'lab/src/main.tsx': `import './race.js'; import type { schemas } from '../../src/adapters/http/lab/lab-schemas.js'; export const main = <p>{1}</p>; export type S = typeof schemas;`,
  'lab/src/race.ts': `export { orderProblem } from '../../src/adapters/http/lab/race-order.js';`,
  'test/place-order.ts': `import '../src/application/place-order.js';`,
};

interface Case {
  readonly rule: string;
  readonly behaviour: string;
  readonly file: string;
  readonly text: string;
}

const CASES: readonly Case[] = [
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that imports a package',
    file: 'src/domain/bad.ts',
    text: `import { z } from 'zod'; export const bad = z;`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that imports a built-in module',
    file: 'src/domain/bad.ts',
    text: `import { randomUUID } from 'node:crypto'; export const bad = randomUUID;`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that imports no more than a type',
    file: 'src/domain/bad.ts',
    text: `import type { P } from '../application/place-order.js'; export type Bad = P;`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that marks one name of an import as a type',
    file: 'src/domain/bad.ts',
    text: `import { type P } from '../application/place-order.js'; export type Bad = P;`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that re-exports a type',
    file: 'src/domain/bad.ts',
    text: `export type { P } from '../application/place-order.js';`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that re-exports all of another layer',
    file: 'src/domain/bad.ts',
    text: `export * from '../application/place-order.js';`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that imports while it runs',
    file: 'src/domain/bad.ts',
    text: `export const bad = async () => await import('../application/place-order.js');`,
  },
  {
    rule: 'domain-imports-nothing',
    behaviour: 'a domain file that imports within a using declaration',
    file: 'src/domain/bad.ts',
    text: `export async function bad() { await using x = (await import('../adapters/lock/script.js')).script; return x; }`,
  },
  {
    rule: 'no-inline-import-type',
    behaviour: 'a type that is imported in the middle of a line',
    file: 'src/domain/bad.ts',
    text: `export type Bad = Promise<import('../application/place-order.js').P>;`,
  },
  {
    rule: 'application-imports-domain-only',
    behaviour: 'a use case that imports a package',
    file: 'src/application/bad.ts',
    text: `import 'sequelize';`,
  },
  {
    rule: 'application-imports-domain-only',
    behaviour: 'a use case that imports a built-in module',
    file: 'src/application/bad.ts',
    text: `import 'node:fs';`,
  },
  {
    rule: 'application-imports-domain-only',
    behaviour: 'a use case that imports the type of an adapter',
    file: 'src/application/bad.ts',
    text: `import type { S } from '../adapters/http/server.js'; export type Bad = S;`,
  },
  {
    rule: 'unit-of-work-imports-domain-only',
    behaviour: 'a unit of work that imports a database library',
    file: 'src/application/unit-of-work/bad.ts',
    text: `import 'sequelize';`,
  },
  {
    rule: 'only-unit-of-work-locks',
    behaviour: 'a use case that takes a lock',
    file: 'src/application/bad.ts',
    text: `import { LockPort } from '../domain/ports/lock-port.js'; export const bad = LockPort;`,
  },
  {
    rule: 'only-unit-of-work-locks',
    behaviour: 'a use case that begins a transaction',
    file: 'src/application/orders/bad.ts',
    text: `import type { T } from '../../domain/ports/transaction-port.js'; export type Bad = T;`,
  },
  {
    rule: 'libraries-know-nothing-of-the-shop',
    behaviour: 'a lock that imports a port of the domain',
    file: 'src/adapters/lock/bad.ts',
    text: `import { LockPort } from '../../domain/ports/lock-port.js'; export const bad = LockPort;`,
  },
  {
    rule: 'lock-and-cache-adapters-adapt-the-libraries',
    behaviour: 'an adapter of the libraries that imports a use case',
    file: 'src/adapters/lock-and-cache-adapters/bad.ts',
    text: `import type { P } from '../../application/place-order.js'; export type Bad = P;`,
  },
  {
    rule: 'http-takes-no-lock',
    behaviour: 'a route that takes a lock',
    file: 'src/adapters/http/routes/bad.ts',
    text: `import type { LockPort } from '../../../domain/ports/lock-port.js'; export type Bad = LockPort;`,
  },
  {
    rule: 'redis-is-shared',
    behaviour: 'what adapters share of Redis that imports an adapter',
    file: 'src/adapters/redis/bad.ts',
    text: `import { script } from '../lock/script.js'; export const bad = script;`,
  },
  {
    rule: 'adapters-stand-apart',
    behaviour: 'an adapter that imports another',
    file: 'src/adapters/http/bad.ts',
    text: `import { script } from '../lock/script.js'; export const bad = script;`,
  },
  {
    rule: 'adapters-stand-apart',
    behaviour: 'an adapter that imports the configuration',
    file: 'src/adapters/http/bad.ts',
    text: `import '../../config/container.js';`,
  },
  {
    rule: 'libraries-know-nothing-of-the-shop',
    behaviour: 'a cache that imports a type of the domain',
    file: 'src/adapters/cache/bad.ts',
    text: `import type { Order } from '../../domain/order.js'; export type Bad = Order;`,
  },
  {
    rule: 'lock-and-cache-adapters-adapt-the-libraries',
    behaviour: 'an adapter of the libraries that imports a route',
    file: 'src/adapters/lock-and-cache-adapters/bad.ts',
    text: `import type { S } from '../http/server.js'; export type Bad = S;`,
  },
  {
    rule: 'use-cases-are-called-from-outside',
    behaviour: 'a repository that imports a use case',
    file: 'src/adapters/persistence/bad.ts',
    text: `import type { P } from '../../application/place-order.js'; export type Bad = P;`,
  },
  {
    rule: 'express-in-http-only',
    behaviour: 'a job that imports Express',
    file: 'src/adapters/jobs/bad.ts',
    text: `import type { Request } from 'express'; export type Bad = Request;`,
  },
  {
    rule: 'sequelize-in-sql-only',
    behaviour: 'a route that imports Sequelize',
    file: 'src/adapters/http/routes/bad.ts',
    text: `import 'sequelize';`,
  },
  {
    rule: 'redis-client-in-redis-only',
    behaviour: 'a ranking that imports the client of Redis',
    file: 'src/adapters/ranking/bad.ts',
    text: `import '@redis/client';`,
  },
  {
    rule: 'kafka-client-in-queue-only',
    behaviour: 'a command that imports the client of Kafka',
    file: 'src/commands/bad.ts',
    text: `import '@platformatic/kafka';`,
  },
  {
    rule: 'opentelemetry-in-tracing-only',
    behaviour: 'a metric that imports a package of traces',
    file: 'src/adapters/telemetry/bad.ts',
    text: `import '@opentelemetry/api';`,
  },
  {
    rule: 'telemetry-implements-observers',
    behaviour: 'a metric that imports more of an adapter than its observer',
    file: 'src/adapters/telemetry/bad.ts',
    text: `import { script } from '../lock/script.js'; export const bad = script;`,
  },
  {
    rule: 'only-config-wires',
    behaviour: 'an entry point that imports an adapter',
    file: 'src/commands/bad.ts',
    text: `import '../adapters/lock/redis-lock.js';`,
  },
  {
    rule: 'config-knows-no-command',
    behaviour: 'a module of the wiring that imports a command',
    file: 'src/config/bad.ts',
    text: `import '../commands/token.js';`,
  },
  {
    rule: 'lab-page-imports-what-browsers-run',
    behaviour: 'a page of the lab that imports a route',
    file: 'lab/src/bad.tsx',
    text: `import type { S } from '../../src/adapters/http/server.js'; export const bad = (s: S) => <p>{s}</p>;`,
  },
  {
    rule: 'lab-page-imports-what-browsers-run',
    behaviour: 'a page of the lab that imports a built-in module',
    file: 'lab/src/bad.ts',
    text: `import 'node:fs';`,
  },
  {
    rule: 'lab-page-imports-schemas-by-type',
    behaviour: 'a page of the lab that takes the schemas into the browser',
    file: 'lab/src/bad.tsx',
    text: `import { schemas } from '../../src/adapters/http/lab/lab-schemas.js'; export const bad = <p>{schemas}</p>;`,
  },
  {
    rule: 'lab-page-imports-schemas-by-type',
    behaviour: 'a page of the lab that takes schemas of a folder into the browser',
    file: 'lab/src/bad.ts',
    text: `export { shop } from '../../src/adapters/http/lab/shop/shop-schemas.js';`,
  },
  {
    rule: 'lab-page-and-service-share-plain-files',
    behaviour: 'a file that the page shares, and that imports a library',
    file: 'src/adapters/http/lab/race-order.ts',
    text: `import { z } from 'zod'; export const orderProblem = z;`,
  },
  {
    rule: 'lab-page-and-service-share-plain-files',
    behaviour: 'a file that the page shares, and that imports a built-in module',
    file: 'src/adapters/http/lab/race-order.ts',
    text: `import { hash } from 'node:crypto'; export const orderProblem = hash;`,
  },
  {
    rule: 'product-needs-no-tooling',
    behaviour: 'a source file that imports the page of the lab',
    file: 'src/config/bad.ts',
    text: `import '../../lab/src/race.js';`,
  },
  {
    rule: 'experiments-out-of-reach',
    behaviour: 'a use case that imports an experiment',
    file: 'src/application/bad.ts',
    text: `import { noLock } from '../experiments/no-lock.js'; export const bad = noLock;`,
  },
  {
    rule: 'experiments-out-of-reach',
    behaviour: 'an adapter that imports the type of an experiment',
    file: 'src/adapters/http/bad.ts',
    text: `import type { N } from '../../experiments/no-lock.js'; export type Bad = N;`,
  },
  {
    rule: 'experiments-out-of-reach',
    behaviour: 'an entry point that imports an experiment',
    file: 'src/commands/bad.ts',
    text: `import '../experiments/no-lock.js';`,
  },
  {
    rule: 'experiments-stand-beside-the-wiring',
    behaviour: 'an experiment that imports the configuration',
    file: 'src/experiments/bad.ts',
    text: `import '../config/container.js';`,
  },
  {
    rule: 'client-stands-alone',
    behaviour: 'a file of the client that imports a type of the service',
    file: 'src/client/bad.ts',
    text: `import type { P } from '../application/place-order.js'; export type Bad = P;`,
  },
  {
    rule: 'inversify-in-config-only',
    behaviour: 'an adapter that is decorated for injection',
    file: 'src/adapters/lock/bad.ts',
    text: `import { injectable } from 'inversify'; export const bad = injectable;`,
  },
  {
    rule: 'inversify-in-config-only',
    behaviour: 'an adapter that imports the metadata library',
    file: 'src/adapters/lock/bad.ts',
    text: `import 'reflect-metadata';`,
  },
  {
    rule: 'product-needs-no-tooling',
    behaviour: 'a source file that imports a test',
    file: 'src/config/bad.ts',
    text: `import '../../test/place-order.js';`,
  },
  {
    rule: 'no-cycle',
    behaviour: 'a file that imports what imports it',
    file: 'src/domain/order.ts',
    text: `import type { T } from './ports/transaction-port.js'; export class Order { t?: T }`,
  },
  {
    rule: 'no-barrel-file',
    behaviour: 'a file that only gathers others',
    file: 'src/domain/index.ts',
    text: `export * from './order.js';`,
  },
  {
    rule: 'every-import-resolves',
    behaviour: 'an import of a file that is not there',
    file: 'src/domain/bad.ts',
    text: `import './missing.js';`,
  },
];

/** The cases with a different file each. */
const SEPARATE_CASES = CASES.map((each, i) => ({
  ...each,
  file: each.file.replace('/bad.', `/bad-${i}.`),
}));

/** No file imports an added file, so the cases that add one do not disturb each other in one tree. */
function addsFile({ file }: Case): boolean {
  return !(file in CLEAN);
}

async function reportOn(cases: readonly Case[]): Promise<BoundaryReport> {
  const files = cases.map(({ file, text }) => [file, text]);
  using tree = new SourceTree({ ...CLEAN, ...Object.fromEntries(files) });
  return await checkBoundaries(tree.root);
}

describe('boundary rules', () => {
  it('accept every source file of this project', async () => {
    const { checked, violations } = await checkBoundaries();
    expect(violations).to.deep.equal([]);
    expect(checked).to.include.members(['src/domain/ports/lock-port.ts', 'lab/src/view/app.tsx']);
  });

  it('accept a tree that follows the rules', async () => {
    using tree = new SourceTree(CLEAN);
    const { checked, violations } = await checkBoundaries(tree.root);
    expect(violations).to.deep.equal([]);
    expect(checked).to.include.members([
      'src/application/unit-of-work/locked.ts',
      'lab/src/main.tsx',
    ]);
  });

  describe('report', () => {
    let ofNewFiles: BoundaryReport;
    before(async () => {
      ofNewFiles = await reportOn(SEPARATE_CASES.filter(addsFile));
    });

    for (const each of SEPARATE_CASES) {
      it(`${each.behaviour} (${each.rule})`, async () => {
        const { violations } = addsFile(each) ? ofNewFiles : await reportOn([each]);
        const rules = violations.filter(({ from }) => from === each.file).map(({ rule }) => rule);
        expect(rules).to.include(each.rule);
      });
    }
  });

  it('each have an example of a violation', async () => {
    const proven = new Set(CASES.map(({ rule }) => rule));
    expect([...proven]).to.have.members(await ruleNames());
  });
});
