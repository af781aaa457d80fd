/** The client hung up before its answer was ready. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}
