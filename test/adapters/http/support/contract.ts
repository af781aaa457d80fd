import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ApiResponse } from '../../../support/api-client.js';

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: Schema;
}

/** The parts of a JSON Schema that the tests use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  /** A value fits exactly one of these schemas. */
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly examples?: readonly unknown[];
}

interface Content {
  readonly description?: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly security: readonly object[];
  readonly body: Schema | undefined;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Item extends Omit<Operation, 'method' | 'path' | 'body' | 'parameters'> {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Item>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const ROOT = 'openapi.json';

/** Headers of this contract. They must be declared wherever an answer has them. */
const DECLARED = [
  'Cache-Control',
  'Cache-Status',
  'Idempotency-Replayed',
  'Location',
  'Lockstep-Version',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Instance',
  'X-Request-Id',
];

/** The OpenAPI document of the service, to check requests and answers. */
export class Contract {
  readonly operations: readonly Operation[];
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  /** A compilation takes longer than the request whose answer is checked. */
  private readonly validators = new WeakMap<Schema, ValidateFunction>();

  constructor(private readonly document: Document) {
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.ajv.addSchema({ $id: ROOT, ...document });
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { requestBody, parameters = [], ...item }]) => ({
        ...item,
        path,
        method: method.toUpperCase(),
        parameters,
        body: requestBody?.content?.['application/json']?.schema,
      })),
    );
  }

  /** The operation that serves this method and path; a literal path comes before a template. */
  operationFor(method: string, path: string): Operation | undefined {
    const served = this.operations.filter((operation) => operation.method === method);
    const literal = served.find((operation) => operation.path === path);
    return literal ?? served.find((operation) => matches(operation.path, path));
  }

  /** The differences between this answer and the document; empty when it conforms. */
  faultsOf(operation: Operation, { status, headers, body }: ApiResponse): string[] {
    const declared = operation.responses[status];
    if (!declared) return [`status ${status} is not declared`];
    const unknown = DECLARED.filter((name) => headers.has(name) && !declared.headers?.[name]);
    if (unknown.length > 0) return [`${unknown.join(', ')} not declared for ${status}`];
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    if (!declared.content) return body === '' ? [] : ['a body is not declared'];
    const schema = declared.content[type]?.schema;
    if (!schema) return [`type ${type} is not declared for ${status}`];
    const isKnown = status < 400 || declared.description?.includes(`\`${body.code}\``);
    return [
      ...this.faults(schema, body),
      ...(isKnown ? [] : [`code ${body.code} is not declared`]),
    ];
  }

  isValid(schema: Schema, value: unknown): boolean {
    return this.faults(schema, value).length === 0;
  }

  /** Follows a reference into the components. */
  resolve(schema: Schema): Schema {
    if (!schema.$ref) return schema;
    const name = schema.$ref.split('/').at(-1) as string;
    const found = this.document.components.schemas[name];
    if (!found) throw new Error(`${schema.$ref} leads nowhere`);
    return this.resolve(found);
  }

  /** The schema itself, or its alternatives. */
  choices(schema: Schema): readonly Schema[] {
    const whole = this.resolve(schema);
    return whole.oneOf?.flatMap((one) => this.choices(one)) ?? [whole];
  }

  private faults(schema: Schema, value: unknown): string[] {
    const validate = this.validators.get(schema) ?? this.compile(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  private compile(schema: Schema): ValidateFunction {
    const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${ROOT}#/`));
    const validate = this.ajv.compile(rooted);
    this.validators.set(schema, validate);
    return validate;
  }
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}
