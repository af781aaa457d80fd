import type { ServerOptions } from '../server.js';
import type { ServerKind } from '../server-kind.js';
import { BinaryServer } from './binary-server.js';
import { installPackage } from './debian-package.js';
import { findProgram } from './find-program.js';

/** A free port may be taken before it is used. */
const PORT_TRIES = 5;

/** Starts a child process from a program on the PATH, which is installed first if possible. */
export async function startBinary(
  kind: ServerKind,
  options: ServerOptions,
): Promise<BinaryServer | undefined> {
  const found = findProgram(kind) ?? (await findAfterInstall(kind));
  if (!found) return undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await BinaryServer.launch(kind, found, options);
    } catch (error) {
      const isTaken = /in use/i.test(String(error));
      if (!isTaken || options.port !== undefined || attempt === PORT_TRIES) throw error;
    }
  }
}

async function findAfterInstall(kind: ServerKind) {
  if (kind.debianPackage === undefined) return undefined;
  return (await installPackage(kind.debianPackage)) ? findProgram(kind) : undefined;
}
