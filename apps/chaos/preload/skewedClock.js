// Loaded with `node --import` into one server process: its wall clock is CLOCK_SKEW_MS off, its monotonic one is not.
const SKEW = Number(process.env.CLOCK_SKEW_MS);
const RealDate = Date;
const realNow = Date.now;

RealDate.now = () => realNow() + SKEW;
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(RealDate.now()).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(
      target,
      args.length === 0 ? [RealDate.now()] : args,
      newTarget === Date ? target : newTarget,
    ),
});
