import { findExecutable } from '../../../src/experiments/support/find-executable.js';
import type { ServerKind, ServerProgram } from '../server-kind.js';

/** A program on this machine, with all that it needs. */
export interface FoundProgram {
  readonly program: ServerProgram;
  readonly executables: Readonly<Record<string, string>>;
}

/** The first of the kind's programs that is complete on this machine. */
export function findProgram(kind: ServerKind): FoundProgram | undefined {
  return kind.programs.map(locate).find((found) => found !== undefined);
}

function locate(program: ServerProgram): FoundProgram | undefined {
  const executables: Record<string, string> = {};
  for (const name of [program.name, ...(program.companions ?? [])]) {
    const file = findExecutable(name);
    if (file === undefined) return undefined;
    executables[name] = file;
  }
  return { program, executables };
}
