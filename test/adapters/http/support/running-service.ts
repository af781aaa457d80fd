import type { Backend, Env } from '../../../support/backends.js';
import { startTestService, type TestService } from '../../../support/test-service.js';

/** Starts a service before the tests of the enclosing suite, and stops it after them. */
export function runningService(backend: Backend, extra: Env = {}): () => TestService {
  let service: TestService | undefined;
  before(async () => {
    service = await startTestService(backend, extra);
  });
  after(() => service?.[Symbol.asyncDispose]());
  return () => {
    if (!service) throw new Error('the service is not started');
    return service;
  };
}
