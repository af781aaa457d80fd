import { STATUS_CODES } from 'node:http';
import { uuidV7 } from '../../system/uuid-v7.js';
import { HttpProblem, type HttpProblemCode, problemBody, STATUS } from '../responses/problem.js';
import type { Connection } from './connection.js';

/** How long a client may take to read the last response, in milliseconds. */
const LINGER_MS = 1_000;

/** Problems by Node's error codes; every other code means malformed HTTP. */
const BY_CODE: Readonly<Record<string, [HttpProblemCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive completely in time.'],
  HPE_HEADER_OVERFLOW: [
    'header_fields_too_large',
    'The request line and the header fields are larger than 32 KiB.',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    'payload_too_large',
    'The extensions of the chunks are larger than 16 KiB.',
  ],
};

/** The problem for a request that Node cannot parse, so that Express never gets it. */
export function parseErrorProblem({ code = '' }: NodeJS.ErrnoException): HttpProblem {
  return new HttpProblem(
    ...(BY_CODE[code] ?? ['malformed_request', 'The request is not valid HTTP.']),
  );
}

/** Writes the problem to the socket as the last response of the connection. */
export function endWithProblem(connection: Connection, problem: HttpProblem, instance: string) {
  const { socket } = connection;
  const status = STATUS[problem.code];
  const body = JSON.stringify(problemBody(problem));
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Request-Id': uuidV7(),
    'X-Instance': instance,
    Date: new Date().toUTCString(),
    Connection: 'close',
    ...problem.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.isEnding = true;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // The system resets a socket that is closed with unread bytes; then the response is lost.
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(lingering));
}
