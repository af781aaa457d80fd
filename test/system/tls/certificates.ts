import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Files in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Request {
  /** Alternative names such as `IP:127.0.0.1`; none unless this is set. */
  readonly names?: readonly string[];
  /** The common name. */
  readonly of?: string;
  readonly hasExpired?: boolean;
}

/** A certificate authority for the test, which `openssl` makes in a temporary folder. */
export class Authority implements AsyncDisposable {
  #made = 0;

  private constructor(private readonly folder: TemporaryFolder) {}

  static async create(): Promise<Authority> {
    const authority = new Authority(new TemporaryFolder('certificates'));
    const { cert, key } = authority.#files('ca');
    const itself = ['-x509', '-days', '2', '-subj', `/CN=authority ${randomUUID()}`];
    await run('openssl', ['req', ...itself, ...NEW_KEY, '-keyout', key, '-out', cert]);
    return authority;
  }

  /** The file with its certificate, for programs that trust it. */
  get ca(): string {
    return this.#files('ca').cert;
  }

  /** A folder for files of the test. */
  get path(): string {
    return this.folder.path;
  }

  async issue({ names = [], of = 'somebody', hasExpired = false }: Request): Promise<Certificate> {
    this.#made += 1;
    const { cert, key } = this.#files(`issued-${this.#made}`);
    const [request, extensions] = [`${cert}.csr`, `${cert}.ext`];
    const asked = ['-subj', `/CN=${of}`, '-keyout', key, '-out', request];
    await run('openssl', ['req', ...NEW_KEY, ...asked]);
    writeFileSync(extensions, names.length > 0 ? `subjectAltName=${names.join(',')}\n` : '');
    const issuer = ['-CA', this.ca, '-CAkey', this.#files('ca').key, '-CAcreateserial'];
    const life = ['-days', hasExpired ? '-1' : '2', '-extfile', extensions];
    await run('openssl', ['x509', '-req', '-in', request, ...issuer, ...life, '-out', cert]);
    return { cert, key };
  }

  /** Copies a certificate to files that a test may replace. */
  async copyOf(certificate: Certificate): Promise<Certificate> {
    this.#made += 1;
    const copy = this.#files(`copied-${this.#made}`);
    await copyFile(certificate.cert, copy.cert);
    await copyFile(certificate.key, copy.key);
    return copy;
  }

  /** Key and certificate in one file, as Kafka needs them. */
  async issueInOne(request: Request): Promise<string> {
    const { cert, key } = await this.issue(request);
    const file = `${cert}.store`;
    writeFileSync(file, `${await readFile(key, 'utf8')}${await readFile(cert, 'utf8')}`);
    return file;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.folder.close();
  }

  #files(name: string): Certificate {
    const file = path.join(this.folder.path, name);
    return { cert: `${file}.pem`, key: `${file}.key` };
  }
}
