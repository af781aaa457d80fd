import { z } from 'zod';

/** The longest time that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** A whole number in plain decimal digits: no sign, blank, exponent or other base. */
export const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number in decimal digits')
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** A duration in milliseconds. */
export const milliseconds = (fallback: number, min = 1) => whole(min, LONGEST_MS).default(fallback);

/** A number of things, at least 1. */
export const count = (fallback: number) => whole(1).default(fallback);

/** The most of something; 0: no limit. */
export const limit = (fallback: number) => whole(0).default(fallback);

/** A decimal number from 0 to 1. */
export const share = z
  .string()
  .regex(/^(0|1|[01]\.\d+)$/, 'must be a decimal number from 0 to 1')
  .transform(Number)
  .pipe(z.number().max(1));

/** `host:port,host:port` */
export const servers = z
  .string()
  .transform((list) => list.split(',').map((server) => server.trim()))
  .pipe(z.array(z.string().regex(/^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be host:port,…')))
  .transform((list) => list.map(serverAddress))
  .refine((list) => list.every(({ port }) => isPort(port)), {
    error: 'must be host:port,… with ports from 1 to 65535',
  })
  .optional();

function serverAddress(server: string): { readonly host: string; readonly port: number } {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(server.slice(colon + 1)) };
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

/** The values of a part of the schema. */
export type Values<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;
