/** A request of an `.http` file, before its variables are replaced. */
export interface HttpFileRequest {
  readonly title: string;
  /** The name by which later requests refer to its answer. */
  readonly name: string | undefined;
  readonly expectedStatus: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The answer to a named request. */
export interface NamedAnswer {
  readonly headers: Headers;
  readonly body: unknown;
}

/** Lines that begin with `###` separate requests. A blank line comes before a body. */
export function parseHttpFile(text: string): HttpFileRequest[] {
  return text.split(/^### /m).slice(1).map(parseRequest);
}

function parseRequest(text: string): HttpFileRequest {
  const [title = '', ...lines] = text.trim().split('\n');
  const comments = lines.filter((line) => line.startsWith('# '));
  const [head = '', ...rest] = lines.filter((line) => !line.startsWith('# '));
  const blank = rest.indexOf('');
  const headerLines = blank < 0 ? rest : rest.slice(0, blank);
  const [, method = '', url = ''] = /^([A-Z]+) (\S+)$/.exec(head) ?? [];
  const commented = (form: RegExp) => comments.flatMap((line) => form.exec(line)?.[1] ?? [])[0];
  return {
    title,
    name: commented(/^# @name (\w+)$/),
    expectedStatus: Number(commented(/^# expect (\d{3})$/)),
    method,
    url,
    headers: Object.fromEntries(headerLines.map((line) => line.split(/: (.*)/s).slice(0, 2))),
    body: blank < 0 ? undefined : rest.slice(blank + 1).join('\n'),
  };
}

/** Replaces variables by those of the file, and by values from answers to earlier requests. */
export function fillIn(
  text: string,
  variables: Readonly<Record<string, string>>,
  answers: ReadonlyMap<string, NamedAnswer>,
): string {
  return text.replace(/\{\{([^}]+)\}\}/g, (_, reference: string) => {
    const value = variables[reference] ?? answered(reference, answers);
    if (value === undefined) throw new Error(`nothing stands for ${reference}`);
    return value;
  });
}

function answered(
  reference: string,
  answers: ReadonlyMap<string, NamedAnswer>,
): string | undefined {
  const [, name = '', part = '', path = ''] =
    /^(\w+)\.response\.(headers|body)\.(.+)$/.exec(reference) ?? [];
  const answer = answers.get(name);
  if (part === 'headers') return answer?.headers.get(path) ?? undefined;
  const steps = path
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter(Boolean);
  const found = steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    answer?.body,
  );
  return typeof found === 'string' ? found : undefined;
}
