import { fieldsOf, type ProtobufField } from './protobuf.js';

export const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;

/** A span as it was sent. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly id: string;
  /** Empty: a root. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Attributes of the instance that sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly isError: boolean;
}

const ERROR = 2n;

/**
 * The spans of an `ExportTraceServiceRequest`. The numbers of the fields are those of
 * opentelemetry/proto/trace/v1/trace.proto.
 */
export function spansIn(request: Buffer): ReceivedSpan[] {
  return nested(request, 1).flatMap((resourceSpans) => {
    const resource = nested(resourceSpans, 1).map((message) => attributesIn(message, 1))[0] ?? {};
    const scopes = nested(resourceSpans, 2);
    return scopes.flatMap((scope) => nested(scope, 2).map((span) => spanIn(span, resource)));
  });
}

function spanIn(span: Buffer, resource: ReceivedSpan['resource']): ReceivedSpan {
  const fields = fieldsOf(span);
  const [status] = nested(span, 15);
  return {
    traceId: bytes(fields, 1).toString('hex'),
    id: bytes(fields, 2).toString('hex'),
    parentId: bytes(fields, 4).toString('hex'),
    name: bytes(fields, 5).toString(),
    kind: KINDS[Number(number(fields, 6))] ?? '',
    attributes: attributesIn(span, 9),
    resource,
    startNs: number(fields, 7),
    endNs: number(fields, 8),
    isError: status !== undefined && number(fieldsOf(status), 3) === ERROR,
  };
}

function attributesIn(message: Buffer, field: number): Record<string, unknown> {
  const entries = nested(message, field).map((pair) => {
    const [value = Buffer.alloc(0)] = nested(pair, 2);
    return [bytes(fieldsOf(pair), 1).toString(), valueIn(value)] as const;
  });
  return Object.fromEntries(entries);
}

/** An `AnyValue`: a text, a truth value, a number or a list. */
function valueIn(value: Buffer): unknown {
  const [field] = fieldsOf(value);
  if (!field) return undefined;
  if (field.number === 5) return nested(field.value as Buffer, 1).map(valueIn);
  if (field.number === 2) return field.value === 1n;
  if (field.number === 3) return Number(field.value);
  return field.value.toString();
}

function nested(message: Buffer, number: number): Buffer[] {
  const fields = fieldsOf(message).filter((field) => field.number === number);
  return fields.map(({ value }) => value as Buffer);
}

function bytes(fields: readonly ProtobufField[], number: number): Buffer {
  return (fields.find((field) => field.number === number)?.value ?? Buffer.alloc(0)) as Buffer;
}

function number(fields: readonly ProtobufField[], of: number): bigint {
  return (fields.find((field) => field.number === of)?.value ?? 0n) as bigint;
}
