/** Two hundred readers and twenty writers on three instances. */
export const fullTrial = {
  instances: 3,
  products: 50,
  calmMs: 6_000,
  faultMs: 3_000,
  recoveryMs: 1_000,
  load: { readers: 200, readEveryMs: 400, writers: 20, writeEveryMs: 800 },
};

/** The shortest trial with every fault once. Each fault lasts longer than the bound. */
export const shortTrial = {
  instances: 2,
  products: 30,
  boundMs: 300,
  calmMs: 1_000,
  faultMs: 700,
  recoveryMs: 300,
  load: { readers: 100, readEveryMs: 250, writers: 20, writeEveryMs: 800 },
};
