import type { KafkaSecurity } from '../../../adapters/queue/kafka/kafka-settings.js';
import type { SaslValues } from './sasl-settings.js';
import { hostToIndicate, tlsOptions } from './tls-options.js';
import type { TlsValues } from './tls-settings.js';

interface Broker {
  readonly host: string;
}

/**
 * How connections to the brokers are encrypted, and as whom this service speaks there.
 * @throws SettingsError a file cannot be used, and its variable is named
 */
export function kafkaSecurity(
  values: TlsValues & SaslValues,
  brokers: readonly Broker[],
): KafkaSecurity {
  const tls = tlsOptions('KAFKA', values);
  const { KAFKA_SASL_MECHANISM: mechanism } = values;
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = values;
  return {
    // Each broker by the name it is reached by, where they are reached by names.
    ...(tls && { tls, tlsServerName: brokers.every(({ host }) => hostToIndicate(host)) }),
    ...(tls?.servername && { tlsServerName: tls.servername }),
    ...(mechanism && username && password && { sasl: { mechanism, username, password } }),
  };
}
