import { expect } from 'chai';
import { type Service, startService } from '../../../src/config/service.js';
import { readSettings, SettingsError } from '../../../src/config/settings/settings.js';
import { type Env, embedded } from '../../support/backends.js';
import { rejection } from '../../support/rejection.js';

/** Expects a start to end with one line that contains this text and no secret. */
export async function expectRefusedStart(
  env: Env,
  said: RegExp,
  secrets: readonly string[] = [],
): Promise<void> {
  await using backend = await embedded.open();
  const start = async () => startService(readSettings({ ...backend.env, ...env }));
  const failure = await rejection(start().then(stopped));
  expect(failure).to.be.instanceOf(SettingsError);
  const { message } = failure as Error;
  expect(message).to.match(said);
  expect(message.split('\n')).to.have.length(1);
  for (const secret of secrets) expect(message).not.to.include(secret);
}

/** When such a start succeeds by mistake, this stops the service. */
async function stopped(service: Service): Promise<void> {
  await service.stop();
}
