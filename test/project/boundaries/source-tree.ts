import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../tools/project-root.js';

/** A small tree of source files on disk, with the packages of this project, to test rules. */
export class SourceTree implements Disposable {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-tree-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(files)) this.#write(file, text);
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(this.root, 'node_modules'));
    this.#write('package.json', '{ "type": "module" }');
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #write(file: string, text: string): void {
    const target = path.join(this.root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
