/** For a server that hangs: it accepts connections and answers nothing. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Sends one command on a new connection.
 *
 * @throws Error no server can be reached, or it does not answer in time
 */
export async function askRedis(url: string, command: readonly string[]): Promise<unknown> {
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    socket: { connectTimeout: ANSWER_TIMEOUT_MS, reconnectStrategy: false },
    commandOptions: { timeout: ANSWER_TIMEOUT_MS },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}
