import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder with a package.json and a package-lock.json, and no installed package. */
export class PlantedProject implements Disposable {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-supply-chain-'));

  /**
   * @param root what the project depends on
   * @param packages entries of package-lock.json by their location
   */
  constructor(root: object, packages: Readonly<Record<string, object>>) {
    const manifest = { name: 'planted', version: '1.0.0', license: 'MIT', ...root };
    this.write('package.json', JSON.stringify(manifest));
    const entries = { '': manifest, ...packages };
    this.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: entries }));
  }

  write(file: string, text: string): void {
    writeFileSync(path.join(this.folder, file), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
