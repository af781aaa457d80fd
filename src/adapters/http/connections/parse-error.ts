import { STATUS_CODES } from 'node:http';
import { v7 } from 'uuid';
import { HttpProblem, type HttpProblemCode, problemBody, STATUS } from '../responses/problem.js';
import type { Connection } from './connection.js';

/** How long a client may take to read the last answer, in milliseconds. */
const LINGER_MS = 1_000;

/** By the codes that Node gives its errors; everything else is no valid HTTP. */
const BY_CODE: Readonly<Record<string, [HttpProblemCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not come whole in time.'],
  HPE_HEADER_OVERFLOW: [
    'header_fields_too_large',
    'The request line and the header fields are larger than 32 KiB.',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    'payload_too_large',
    'The extensions of the chunks are larger than 16 KiB.',
  ],
};

/** What a request is answered with that never comes to Express. */
export function parseErrorProblem({ code = '' }: NodeJS.ErrnoException): HttpProblem {
  return new HttpProblem(...(BY_CODE[code] ?? ['malformed_request', 'This is no valid HTTP.']));
}

/** Writes the problem by hand, as the last answer of the connection. */
export function endWithProblem(connection: Connection, problem: HttpProblem, instance: string) {
  const { socket } = connection;
  const status = STATUS[problem.code];
  const body = JSON.stringify(problemBody(problem));
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Request-Id': v7(),
    'X-Instance': instance,
    Date: new Date().toUTCString(),
    Connection: 'close',
    ...problem.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.isEnding = true;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // Closed at once, a socket with bytes that nobody read is reset, and the answer is lost.
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(lingering));
}
