import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka';
import { findFreePort, findQuietPort } from '../../../tools/servers/free-port.js';
import { startKafka } from '../../../tools/servers/kafka/start-kafka.js';
import type { Server } from '../../../tools/servers/server.js';
import type { Authority } from './certificates.js';

/** The mechanisms with their numbers in Kafka. */
const SCRAM = [
  { mechanism: 1, hash: 'sha256', size: 32 },
  { mechanism: 2, hash: 'sha512', size: 64 },
] as const;
const ITERATIONS = 4_096;

/**
 * A broker with three listeners: plain text, TLS with a client's certificate, and SASL over TLS.
 */
export class SecuredKafka implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    readonly plain: string,
    readonly mutual: string,
    readonly sasl: string,
  ) {}

  /** `users` by name, with their passwords. Each user can use every mechanism. */
  static async start(
    authority: Authority,
    users: Readonly<Record<string, string>>,
  ): Promise<SecuredKafka> {
    const [port, mutual, sasl, controller] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
      await findQuietPort(),
    ];
    const store = await authority.issueInOne({ names: ['IP:127.0.0.1', 'DNS:shop.test'] });
    const listeners = `PLAINTEXT://127.0.0.1:${port},SSL://127.0.0.1:${mutual},SASL_SSL://127.0.0.1:${sasl}`;
    const plainUsers = Object.entries(users).map(([name, secret]) => `user_${name}="${secret}"`);
    const server = await startKafka({
      ways: ['binary'],
      port,
      settings: {
        listeners: `${listeners},CONTROLLER://127.0.0.1:${controller}`,
        'advertised.listeners': listeners,
        'listener.security.protocol.map':
          'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL',
        'controller.quorum.voters': `1@127.0.0.1:${controller}`,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': store,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': authority.ca,
        'listener.name.ssl.ssl.client.auth': 'required',
        'listener.name.sasl_ssl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'listener.name.sasl_ssl.plain.sasl.jaas.config': `${login('plain.Plain')} ${plainUsers.join(' ')};`,
        'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${login('scram.Scram')};`,
        'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${login('scram.Scram')};`,
      },
    });
    const at = (each: number) => `127.0.0.1:${each}`;
    const kafka = new SecuredKafka(server, at(port), at(mutual), at(sasl));
    await addScramUsers(port, users);
    return kafka;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server.close();
  }
}

function login(module: string): string {
  return `org.apache.kafka.common.security.${module}LoginModule required`;
}

async function addScramUsers(port: number, users: Readonly<Record<string, string>>) {
  const connection = new Connection('test');
  await connection.connect('127.0.0.1', port);
  // A request may name a user once.
  for (const { hash, size, mechanism } of SCRAM) {
    const rows = Object.entries(users).map(([name, secret]) => {
      const salt = randomBytes(16);
      const saltedPassword = pbkdf2Sync(secret, salt, ITERATIONS, size, hash);
      return { name, mechanism, iterations: ITERATIONS, salt, saltedPassword };
    });
    await alterUserScramCredentialsV0.api.async(connection, [], rows);
  }
  await connection.close();
}
