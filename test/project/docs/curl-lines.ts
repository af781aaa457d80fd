/** A request that a line of a page sends by curl. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The requests of the first shell block of a page that calls curl, in their order. */
export function curlRequests(page: string): CurlRequest[] {
  const block = /```sh\n(curl [\s\S]*?)```/.exec(page)?.[1] ?? '';
  const lines = block.replace(/\\\n\s*/g, ' ').split('\n');
  return lines.filter((line) => line.startsWith('curl ')).map(parseLine);
}

function parseLine(line: string): CurlRequest {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  const after = (option: string) =>
    words.flatMap((word, at) => (word === option ? [words[at + 1] ?? ''] : []));
  return {
    method: after('-X')[0] ?? 'GET',
    url: words.find((word) => word.startsWith('http')) ?? '',
    headers: Object.fromEntries(after('-H').map((header) => header.split(/: (.*)/s).slice(0, 2))),
    body: after('-d')[0],
  };
}
