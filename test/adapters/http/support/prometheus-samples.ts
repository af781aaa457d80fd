import { expect } from 'chai';

/** The samples of the text format. Any other line fails the test. */
export function samples(text: string): { name: string; labels: string; value: number }[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    expect(match, line).to.not.equal(null);
    const [, name = '', labels = '', value = ''] = match ?? [];
    expect(/^([+-]Inf|nan)$/i.test(value) || Number.isFinite(Number(value)), line).to.equal(true);
    return { name, labels, value: Number(value) };
  });
}
