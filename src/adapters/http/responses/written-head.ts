import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** Where Node keeps the text that it sends before a body. It has no public name. */
interface WithHead {
  _header: string | null;
}

/** The head that `writeHead` has written; undefined: this version of Node keeps heads elsewhere. */
export function writtenHead(res: ServerResponse): string | undefined {
  const { _header: head } = res as unknown as WithHead;
  return typeof head === 'string' ? head : undefined;
}

/** Node will send this head; `headersSent` is true from now on, as after `writeHead`. */
export function setWrittenHead(res: ServerResponse, head: string): void {
  (res as unknown as WithHead)._header = head;
}

/** Whether this version of Node keeps heads as text, so that they can be changed. */
export function keepsHeadsAsText(): boolean {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  res.writeHead(200);
  return writtenHead(res)?.startsWith('HTTP/1.1 200 OK\r\n') ?? false;
}
