/** Beginnings of requests: more headers follow. */
export const GET = 'GET /v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
export const POST = 'POST /v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';

/** Malformed and unusual HTTP; the service answers each with a problem. */
export const MALFORMED: Readonly<Record<string, string | Buffer>> = {
  'no HTTP at all': 'hello\r\n\r\n',
  'random bytes': Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10]),
  'a TLS greeting': Buffer.from('16030100a5010000a1030352', 'hex'),
  'an unknown method': 'FROB /v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'an unknown version': 'GET /v1/products HTTP/9.9\r\nHost: x\r\n\r\n',
  'a path with a blank': 'GET /v1/pro ducts HTTP/1.1\r\nHost: x\r\n\r\n',
  'a header without a name': `${GET}: value\r\n\r\n`,
  'a header that is folded': `${GET}X-A: 1\r\n  2\r\n\r\n`,
  'a header with a NUL': `${GET}X-A: a\0b\r\n\r\n`,
  'headers of 40 KB': `${GET}X-A: ${'a'.repeat(40_000)}\r\n\r\n`,
  'a path of 40 KB': `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  'a length that is no number': `${POST}Content-Length: abc\r\n\r\n`,
  'a negative length': `${POST}Content-Length: -1\r\n\r\n`,
  'two lengths': `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
  'a length beside chunks': `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'an unknown transfer coding': `${POST}Transfer-Encoding: secret\r\n\r\n0\r\n\r\n`,
  'a chunk without a size': `${POST}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n{}\r\n`,
  'no host': 'GET /v1/products HTTP/1.1\r\nConnection: close\r\n\r\n',
};
