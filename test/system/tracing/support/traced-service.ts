import { embedded } from '../../../support/backends.js';
import { startTestService, type TestService } from '../../../support/test-service.js';
import { OtlpReceiver } from './otlp-receiver.js';

export interface TracedService {
  readonly receiver: OtlpReceiver;
  readonly running: TestService;
}

/**
 * Starts a service with tracing and a receiver of its spans before the tests of the enclosing suite, and
 * stops both after them.
 */
export function tracedService(): () => TracedService {
  const resources = new AsyncDisposableStack();
  let started: TracedService | undefined;
  before(async () => {
    const receiver = resources.use(await OtlpReceiver.start());
    const running = resources.use(await startTestService(embedded, receiver.env));
    started = { receiver, running };
  });
  after(() => resources.disposeAsync());
  return () => {
    if (!started) throw new Error('the service is not started');
    return started;
  };
}
