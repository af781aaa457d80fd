import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A package that package-lock.json pins, at one place of `node_modules`. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, such as `node_modules/a/node_modules/b`. */
  readonly location: string;
  /** An SPDX expression, if the package declares one. */
  readonly licence?: string | undefined;
  /** The hash of its archive: `sha512-` and base64. */
  readonly integrity?: string | undefined;
  /** Whether an installation without development dependencies has it. */
  readonly isForProduction: boolean;
  /** Whether the service starts without it: for another platform, or for traces only. */
  readonly isOptional: boolean;
}

/** An entry of package-lock.json, as npm documents it. */
interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Where npm keeps the project itself. */
const ROOT = '';

/** Every package of a package-lock.json, for every platform, and what depends on what. */
export class LockedPackages {
  readonly #entries: Readonly<Record<string, LockEntry>>;
  /** Without the project and its workspaces. */
  readonly all: readonly LockedPackage[];

  /** @param folder contains package-lock.json */
  constructor(folder: string) {
    this.#entries = JSON.parse(
      readFileSync(path.join(folder, 'package-lock.json'), 'utf8'),
    ).packages;
    this.all = Object.entries(this.#entries)
      .filter(([location, { link }]) => location.includes('node_modules/') && !link)
      .map(([location, entry]) => lockedPackage(location, entry));
  }

  /** What the project needs in production. */
  get direct(): readonly string[] {
    return this.#needsOf(ROOT);
  }

  /** The locations of what this package needs; an optional peer may be absent. */
  dependenciesOf({ location }: LockedPackage): readonly string[] {
    return this.#needsOf(location);
  }

  /** The shortest chain of names from the project to the package, such as `sequelize > lodash`. */
  chainTo({ location: wanted, isForProduction }: LockedPackage): string {
    const chains = new Map(
      this.#firstSteps(isForProduction).map((location) => [location, [nameAt(location)]]),
    );
    // A Map is read in the order of its entries, also of those that the loop adds.
    for (const [location, chain] of chains) {
      if (location === wanted) return chain.join(' > ');
      for (const next of this.#needsOf(location)) {
        if (!chains.has(next)) chains.set(next, [...chain, nameAt(next)]);
      }
    }
    return nameAt(wanted);
  }

  #firstSteps(isForProduction: boolean): readonly string[] {
    if (isForProduction) return this.direct;
    const own = Object.keys(this.#entries).filter((at) => !at.includes('node_modules/'));
    return own.flatMap((at) => [
      ...this.#needsOf(at),
      ...this.#resolveAll(at, this.#entries[at]?.devDependencies),
    ]);
  }

  #needsOf(location: string): readonly string[] {
    const entry = this.#entries[location];
    const { dependencies, optionalDependencies, peerDependencies } = entry ?? {};
    return this.#resolveAll(location, {
      ...peerDependencies,
      ...optionalDependencies,
      ...dependencies,
    });
  }

  #resolveAll(from: string, needs: Readonly<Record<string, string>> = {}): readonly string[] {
    return Object.keys(needs).flatMap((name) => this.#resolve(from, name) ?? []);
  }

  /** Looks where Node looks: in the folder itself, and in each folder around it. */
  #resolve(from: string, name: string): string | undefined {
    const location = path.posix.join(from, 'node_modules', name);
    if (this.#entries[location]) return location;
    return from === ROOT ? undefined : this.#resolve(folderAround(from), name);
  }
}

function lockedPackage(location: string, entry: LockEntry): LockedPackage {
  const { version = '', license: licence, integrity, dev, optional, peer } = entry;
  return {
    ...{ name: nameAt(location), version, location, licence, integrity },
    isForProduction: !dev,
    isOptional: Boolean(optional || peer),
  };
}

function nameAt(location: string): string {
  return location.split('node_modules/').at(-1) ?? location;
}

function folderAround(location: string): string {
  const folder = path.posix.dirname(location);
  return folder === '.' ? ROOT : folder;
}
