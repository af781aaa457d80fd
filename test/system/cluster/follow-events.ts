import type { ApiClient } from '../../support/api-client.js';

type Status = Readonly<Record<string, unknown>>;

/**
 * The parts of a stream (WHATWG HTML, section 9.2), each as soon as it arrives: the data of an
 * event, or undefined for a heartbeat.
 */
export async function* followEvents(
  client: ApiClient,
  path: string,
): AsyncGenerator<Status | undefined, undefined> {
  const { body } = await client.open(path, { Accept: 'text/event-stream' });
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = `${text}${chunk}`.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      yield data && JSON.parse(data);
    }
  }
}

export async function nextStatus(events: ReturnType<typeof followEvents>): Promise<Status> {
  for await (const status of events) if (status) return status;
  throw new Error('the stream ended without a settlement');
}
