import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../project-root.js';

/** The generated file. */
export const typesFile = path.join(projectRoot, 'src', 'client', 'api-types.ts');

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: object | undefined }>>;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/**
 * The TypeScript types of an OpenAPI document.
 *
 * @throws Error the generator does not accept the document
 */
export function clientTypes(document: OpenApiDocument): string {
  // The generator uses the API of TypeScript 5, so it has a manifest of its own.
  const require = createRequire(path.join(projectRoot, 'tools', 'client', 'package.json'));
  const generator = path.join(path.dirname(require.resolve('openapi-typescript')), '..', 'bin');
  const run = spawnSync(process.execPath, [path.join(generator, 'cli.js')], {
    input: JSON.stringify(simplified(document)),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`openapi-typescript failed: ${run.stderr}`);
  return run.stdout;
}

/**
 * Leaves out what the client does not type: response headers, and the status of a problem. All
 * problems have one schema.
 */
function simplified(document: OpenApiDocument): OpenApiDocument {
  const paths = mapValues(document.paths, (methods) =>
    mapValues(methods, (operation) => ({
      ...operation,
      responses: simplifiedResponses(operation.responses),
    })),
  );
  return { ...document, paths };
}

function simplifiedResponses(responses: Operation['responses']): Operation['responses'] {
  const entries = Object.entries(responses).map(
    ([status, { content }]) =>
      [Number(status) < 400 ? status : 'default', { description: '', content }] as const,
  );
  return Object.fromEntries(entries);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
