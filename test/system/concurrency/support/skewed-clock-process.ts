/** Loaded ahead of an instance (`--import`): the clock of its machine is off by so many milliseconds. */
const skewMs = Number(process.env['TEST_CLOCK_SKEW_MS']);

const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + skewMs] : args),
  get: (target, name, receiver) =>
    name === 'now' ? () => target.now() + skewMs : Reflect.get(target, name, receiver),
});
