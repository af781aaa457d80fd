import type { KafkaSecurity } from '../../../adapters/queue/kafka/kafka-settings.js';
import type { SaslValues } from './sasl-settings.js';
import { hostToIndicate, tlsOptions } from './tls-options.js';
import type { TlsValues } from './tls-settings.js';

interface Broker {
  readonly host: string;
}

/**
 * How connections to the brokers are encrypted, and as which user the service connects.
 * @throws SettingsError a file cannot be used; the message names its variable
 */
export function kafkaSecurity(
  values: TlsValues & SaslValues,
  brokers: readonly Broker[],
): KafkaSecurity {
  const tls = tlsOptions('KAFKA', values);
  const { KAFKA_SASL_MECHANISM: mechanism } = values;
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = values;
  return {
    // The server name of each broker is the host of its address, unless an address is an IP.
    ...(tls && { tls, tlsServerName: brokers.every(({ host }) => hostToIndicate(host)) }),
    ...(tls?.servername && { tlsServerName: tls.servername }),
    ...(mechanism && username && password && { sasl: { mechanism, username, password } }),
  };
}
