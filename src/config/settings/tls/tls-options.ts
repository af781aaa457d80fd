import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { SettingsError } from '../settings.js';
import { type TlsName, type TlsValues, tlsMode } from './tls-settings.js';

/** What Node's TLS needs beside the address of a server. */
export type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized' | 'checkServerIdentity'
>;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/**
 * How connections to one server are encrypted; undefined: in plain text. The files are read now. A
 * renewed certificate is used after the next start.
 *
 * @throws SettingsError a file cannot be used; the message names its variable
 */
export function tlsOptions(name: TlsName, values: TlsValues): TlsOptions | undefined {
  const mode = tlsMode(name, values);
  if (!mode || mode === 'off') return undefined;
  const { [`${name}_TLS_CA` as const]: ca, [`${name}_TLS_SERVER_NAME` as const]: servername } =
    values;
  return {
    ...(ca && { ca: certificates(`${name}_TLS_CA`, ca) }),
    ...clientCertificate(name, values),
    ...(servername && { servername }),
    rejectUnauthorized: mode !== 'unverified',
    ...(mode !== 'on' && { checkServerIdentity: () => undefined }),
  };
}

/** The host for Server Name Indication; undefined for an IP address, which it cannot name. */
export function hostToIndicate(host: string): string | undefined {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) ? undefined : address;
}

function clientCertificate(name: TlsName, values: TlsValues): Pick<TlsOptions, 'cert' | 'key'> {
  const [certName, keyName] = [`${name}_TLS_CERT`, `${name}_TLS_KEY`] as const;
  const [certFile, keyFile] = [values[certName], values[keyName]];
  if (!certFile || !keyFile) return {};
  const cert = certificates(certName, certFile);
  const key = read(keyName, keyFile);
  const isPair = new X509Certificate(cert).checkPrivateKey(privateKey(keyName, key));
  if (!isPair) throw new SettingsError(`${keyName}: is not the key of ${certName}`);
  return { cert, key };
}

/** Node accepts a file without certificates, and then trusts no server. */
function certificates(variable: string, file: string): string {
  const text = read(variable, file);
  try {
    const found = text.match(CERTIFICATE) ?? [];
    for (const each of found) new X509Certificate(each);
    if (found.length > 0) return text;
  } catch {
    // Reported below.
  }
  throw new SettingsError(`${variable}: ${file} holds no certificate in PEM`);
}

function privateKey(variable: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new SettingsError(`${variable}: holds no private key in PEM, or one with a passphrase`);
  }
}

function read(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError(`${variable}: ${file} cannot be read (${code})`);
  }
}
