import fc from 'fast-check';
import type { Contract, Operation, Parameter, Schema } from './contract.js';

export interface BadRequest {
  /** What is wrong with the request, for the report of a failure. */
  readonly fault: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Values for fields of which the document describes only the form. */
export interface Known {
  readonly productId: string;
  readonly orderId: string;
  readonly reservationId: string;
  readonly userId: string;
}

type Edit = readonly [fault: string, value: unknown];

const JSON_TYPE = 'application/json';
const NO_UUIDS = [
  'x',
  '1',
  '%20',
  'null',
  '-',
  "'",
  '%F0%9F%8D%B5',
  '0'.repeat(36),
  'a'.repeat(300),
];
const NO_JSON = ['{', '{"a":}', '[1,', 'a=b', '\0', '{"a":NaN}', "{'a':1}", '"', '{"a":1}x', 'nul'];
const OTHER_TYPES = ['text/plain', 'application/xml', 'text/json', 'application/json-seq', 'x/y'];
const NO_TOKENS = ['', 'x', 'Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic YTpi', 'bearer e30.e30.'];

/** Requests that the document forbids. Each is a valid request with one error. */
export function badRequests(contract: Contract, known: Known): fc.Arbitrary<BadRequest> {
  const makers = contract.operations.flatMap((operation) => [
    ...fromBody(contract, operation, known),
    ...fromParameters(contract, operation, known),
    ...fromToken(operation, known),
  ]);
  // The kind of error is chosen first, so that an operation with many fields does not displace the
  // others.
  return fc.oneof(...makers);
}

function fromBody(contract: Contract, operation: Operation, known: Known) {
  const { body: schema } = operation;
  if (!schema) return [];
  const right = example(contract, schema, known);
  const wrongValue = wrong(contract, schema, right, known)
    .filter(([, value]) => !contract.isValid(schema, value))
    .map(([fault, value]) =>
      // The generator makes only values that JSON can contain.
      request(operation, known, `body: ${fault}`, { body: JSON.stringify(value) }),
    );
  return [
    wrongValue,
    wrongValue,
    fc.constantFrom(...NO_JSON).map((body) => request(operation, known, 'body: no JSON', { body })),
    fc.constantFrom(...OTHER_TYPES).map((type) =>
      request(operation, known, 'wrong content type', {
        body: JSON.stringify(right),
        headers: { 'content-type': type },
      }),
    ),
    fc
      .integer({ min: 64 * 1024 + 1, max: 200_000 })
      .map((size) =>
        request(operation, known, 'too large', { body: JSON.stringify(right).padEnd(size) }),
      ),
    fc.constant(request(operation, known, 'no body', {})),
  ];
}

function fromParameters(contract: Contract, operation: Operation, known: Known) {
  const body = operation.body && JSON.stringify(example(contract, operation.body, known));
  const right = body === undefined ? {} : { body };
  const of = (place: Parameter['in']) => operation.parameters.filter((p) => p.in === place);
  const isId = of('path').some(({ schema }) => schema.format === 'uuid');
  return [
    fc
      .tuple(fc.stringMatching(/^[a-z_]{1,12}$/), fc.string({ maxLength: 10 }))
      .filter(([name]) => !of('query').some((parameter) => parameter.name === name))
      .map(([name, value]) =>
        request(operation, known, 'unknown parameter', {
          ...right,
          query: `?${name}=${encodeURIComponent(value)}`,
        }),
      ),
    ...of('query').map(({ name, schema }) =>
      wrongText(schema)
        // A query can only contain valid UTF-8.
        .filter((value) => value.isWellFormed())
        .filter((value) => !contract.isValid(schema, parsed(schema, value)))
        .map((value) =>
          request(operation, known, `parameter ${name}`, {
            ...right,
            query: `?${name}=${encodeURIComponent(value)}`,
          }),
        ),
    ),
    ...of('header')
      .filter(({ name }) => name === 'Idempotency-Key')
      .map(({ name, schema }) =>
        fc
          .constantFrom('', 'k'.repeat((schema.maxLength ?? 0) + 1))
          .map((value) =>
            request(operation, known, `header ${name}`, { ...right, headers: { [name]: value } }),
          ),
      ),
    ...(isId
      ? [
          fc
            .constantFrom(...NO_UUIDS)
            .map((id) => request(operation, known, 'bad id', { ...right, id })),
        ]
      : []),
  ];
}

function fromToken(operation: Operation, known: Known) {
  if (operation.security.length === 0) return [];
  return [
    fc.constantFrom(...NO_TOKENS).map((authorization) =>
      request(operation, known, 'bad token', {
        headers: { authorization },
        ...(operation.body ? { body: '{}' } : {}),
      }),
    ),
  ];
}

interface Parts {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly id?: string;
}

function request(operation: Operation, known: Known, fault: string, parts: Parts): BadRequest {
  const { method, path } = operation;
  const id = parts.id ?? knownId(path, known);
  return {
    fault: `${method} ${path}, ${fault}`,
    method,
    path: path.replace('{id}', id).replace('{userId}', known.userId) + (parts.query ?? ''),
    headers: {
      ...(parts.body === undefined ? {} : { 'content-type': JSON_TYPE }),
      ...parts.headers,
    },
    body: parts.body,
  };
}

function knownId(path: string, known: Known): string {
  if (path.startsWith('/v1/orders')) return known.orderId;
  return path.startsWith('/v1/reservations') ? known.reservationId : known.productId;
}

/** A value that the schema accepts. */
function example(contract: Contract, schema: Schema, known: Known): unknown {
  const [choice = schema] = contract.choices(schema);
  const { type, properties, items, examples, minimum = 0, ...rest } = choice;
  if (rest.const !== undefined) return rest.const;
  if (rest.format === 'uuid') return known.productId;
  if (examples?.[0] !== undefined) return examples[0];
  if (type === 'object') {
    const entries = Object.entries(properties ?? {});
    return Object.fromEntries(entries.map(([name, of]) => [name, example(contract, of, known)]));
  }
  if (type === 'array') return [example(contract, items ?? {}, known)];
  if (type === 'integer') return minimum;
  throw new Error(`no example for ${JSON.stringify(schema)}`);
}

/** `right` with one error, at any depth. */
function wrong(
  contract: Contract,
  schema: Schema,
  right: unknown,
  known: Known,
): fc.Arbitrary<Edit> {
  const choices = contract.choices(schema);
  if (choices.length > 1) {
    const each = choices.map((one) => wrong(contract, one, example(contract, one, known), known));
    return fc.oneof(...each);
  }
  const whole = contract.resolve(schema);
  const kinds: fc.Arbitrary<Edit>[] = [anotherType(whole)];
  if (whole.type === 'integer') kinds.push(outOfBounds(whole));
  if (whole.type === 'string') kinds.push(wrongText(whole).map((text) => ['text', text]));
  if (whole.type === 'array') kinds.push(...wrongItems(contract, whole, right as unknown[], known));
  if (whole.type === 'object') {
    kinds.push(...wrongFields(contract, whole, right as Record<string, unknown>, known));
  }
  return fc.oneof(...kinds);
}

function anotherType(schema: Schema): fc.Arbitrary<Edit> {
  return fc
    .oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, true, '1', 1.5, [], {}, [[]], -1))
    .filter((value) => typeOf(value) !== schema.type)
    .map((value) => ['another type', value]);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return value === null ? 'null' : typeof value;
}

function outOfBounds({ minimum = 0, maximum = 0 }: Schema): fc.Arbitrary<Edit> {
  return fc
    .oneof(
      fc.constantFrom(minimum - 1, maximum + 1, minimum + 0.5, 2 ** 53, -(2 ** 53), 1e21, 1e308),
      fc.integer({ max: minimum - 1, min: minimum - 1_000_000 }),
      fc.double({ min: maximum + 1, max: 1e300, noNaN: true }),
    )
    .map((value) => ['out of bounds', value]);
}

function wrongText({ maxLength = 64, type }: Schema): fc.Arbitrary<string> {
  const numbers = ['0', '-1', '101', '1.5', '1e9', 'abc', '', ' ', 'NaN', 'Infinity', '١'];
  if (type === 'integer') return fc.constantFrom(...numbers);
  return fc.oneof(
    fc.constantFrom('', ' ', ' a', 'a\n', '\u0000', '\ud800', 'a\tb', 'null'),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ minLength: maxLength + 1, maxLength: maxLength + 50 }),
  );
}

/** The text of a query parameter as a value of its schema. */
function parsed({ type }: Schema, text: string): unknown {
  return type === 'integer' && text.trim() !== '' ? Number(text) : text;
}

function wrongItems(
  contract: Contract,
  { items = {}, maxItems = 0 }: Schema,
  right: unknown[],
  known: Known,
) {
  return [
    fc.constantFrom<Edit>(
      ['no items', []],
      ['too many items', Array.from({ length: maxItems + 1 }, () => right[0])],
      ['an item that is none', [...right, null]],
    ),
    wrong(contract, items, right[0], known).map(
      ([fault, value]): Edit => [`item: ${fault}`, [value]],
    ),
  ];
}

function wrongFields(
  contract: Contract,
  { properties = {}, required = [] }: Schema,
  right: Record<string, unknown>,
  known: Known,
) {
  const spoilt = Object.entries(properties).map(([name, of]) =>
    wrong(contract, of, right[name], known).map(
      ([fault, value]): Edit => [`${name}: ${fault}`, { ...right, [name]: value }],
    ),
  );
  const missing = required.map((name) => {
    const { [name]: _, ...rest } = right;
    return fc.constant<Edit>([`without ${name}`, rest]);
  });
  const extra = fc
    .tuple(fc.oneof(fc.string(), fc.constantFrom('id', 'constructor', 'toString')), fc.jsonValue())
    .filter(([name]) => !Object.hasOwn(properties, name))
    .map(([name, value]): Edit => [`with ${name}`, { ...right, [name]: value }]);
  return [...spoilt, ...missing, extra];
}
