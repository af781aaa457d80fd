/**
 * Loaded before an instance (`--import`): sets the clock of the process wrong by this many
 * milliseconds.
 */
const skewMs = Number(process.env['TEST_CLOCK_SKEW_MS']);

const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + skewMs] : args),
  get: (target, name, receiver) =>
    name === 'now' ? () => target.now() + skewMs : Reflect.get(target, name, receiver),
});
