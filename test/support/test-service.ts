import { type Service, startService } from '../../src/config/service.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { ApiClient } from './api-client.js';
import type { Backend, Env } from './backends.js';

/** An instance inside the process of the test, on a separate database. */
export interface TestService extends AsyncDisposable {
  readonly service: Service;
  readonly env: Env;
  readonly anyone: ApiClient;
  readonly admin: ApiClient;
  customer(user: string): Promise<ApiClient>;
}

export async function startTestService(backend: Backend, extra: Env = {}): Promise<TestService> {
  await using resources = new AsyncDisposableStack();
  const open = resources.use(await backend.open());
  const env = { ...open.env, ...extra };
  const service = await startService(readSettings({ ...env }));
  resources.defer(() => service.stop());
  const owned = resources.move();
  return {
    service,
    env,
    anyone: new ApiClient(service.url),
    admin: await ApiClient.of(service.url, env, 'admin', 'admin'),
    customer: (user) => ApiClient.of(service.url, env, user),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
