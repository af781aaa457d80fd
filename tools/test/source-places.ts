import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT_PLACE = /(file:\/\/\S+?\.js):(\d+):(\d+)/g;

/**
 * Replaces the places of built files in a stack by the places of their sources. Node can do so for every
 * error, but then each stack that a library reads costs processor time; tests need it for failures only.
 */
export function withSourcePlaces(stack: string): string {
  return stack.replace(BUILT_PLACE, (place, url: string, line: string, column: string) => {
    const file = fileURLToPath(url);
    if (!existsSync(`${file}.map`)) return place;
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    const origin = map.findOrigin(Number(line), Number(column));
    if (!('fileName' in origin)) return place;
    const source = path.resolve(path.dirname(file), origin.fileName);
    return `${source}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}
