import { expect } from 'chai';
import type { FuzzEvent } from '../fuzz/event-log.js';
import type { FuzzRecord, ProcessRecord } from '../fuzz/fuzz-record.js';
import { judge } from './judge.js';

const KEYS = ['wallet:u'];

/** One unit that held the key of the wallet from `from` to `to`, and added a point. */
function served(from: number, to: number, token: number): FuzzEvent[] {
  const of = { acquire: token, unit: token };
  return [
    { ...of, event: 'begun', at: from - 2, entries: [`e${token}`] },
    { ...of, event: 'asked', at: from - 2, keys: KEYS },
    { ...of, event: 'granted', at: from, token, by: 'lock' },
    { ...of, event: 'held', at: to },
    { ...of, event: 'committed', at: to + 1 },
  ];
}

function ofProcess(name: string, events: FuzzEvent[], more?: Partial<ProcessRecord>) {
  return { name, events, wasKilled: false, ending: '0', pauses: [], ...more };
}

/** A run of one second with these processes, after which the database has `points` of them. */
function recordOf(
  processes: readonly ProcessRecord[],
  points: number,
  more?: Partial<FuzzRecord>,
): FuzzRecord {
  const begun = processes.flatMap(({ events }) => events);
  const ids = begun.flatMap((event) => (event.event === 'begun' ? event.entries : []));
  const entries = ids.slice(0, points).map((id) => ({ id, userId: 'u' }));
  const wallets = [{ userId: 'u', balance: points, version: points }];
  const times = { waitMs: 1_000, leaseMs: 100, span: { from: 0, to: 1_000 } };
  return { ...times, processes, losses: [], faults: {}, ledger: { wallets, entries }, ...more };
}

/** The broken claims, without those that have no evidence in the record. */
function claimsBroken(record: FuzzRecord): string[] {
  const verdicts = judge(record).filter(({ seen }) => seen > 0);
  return verdicts.flatMap(({ claim, broken }) => (broken.length > 0 ? [claim] : []));
}

describe('The judge of the lock fuzz', () => {
  const [first, second] = [ofProcess('1', served(10, 20, 1)), ofProcess('2', served(15, 30, 2))];

  it('finds nothing when holders follow one another', () => {
    const later = ofProcess('2', served(21, 30, 2));
    expect(claimsBroken(recordOf([first, later], 2))).to.deep.equal([]);
  });

  it('finds two holders at once', () => {
    expect(claimsBroken(recordOf([first, second], 2))).to.deep.equal([
      'no two unexpired holders of a key',
    ]);
  });

  it('allows two holders for the length of one lease after Redis lost its data, and no longer', () => {
    const losses = [{ from: 12, to: 14 }];
    expect(claimsBroken(recordOf([first, second], 2, { losses }))).to.deep.equal([]);
    const long = [ofProcess('1', served(10, 200, 1)), ofProcess('2', served(15, 210, 2))];
    expect(claimsBroken(recordOf(long, 2, { losses }))).to.deep.equal([
      'no two unexpired holders of a key',
    ]);
  });

  it('finds a fencing token that is not greater than the one before', () => {
    const fallen = [ofProcess('1', served(10, 20, 5)), ofProcess('2', served(30, 40, 4))];
    expect(claimsBroken(recordOf(fallen, 2))).to.deep.equal(['fencing tokens rise']);
  });

  it('finds an acknowledged point that is missing', () => {
    expect(claimsBroken(recordOf([first], 0))).to.deep.equal(['no update lost or invented']);
  });

  it('finds a balance that lost one of two updates', () => {
    const record = recordOf([first], 1);
    const wallets = [{ userId: 'u', balance: 1, version: 2 }];
    expect(claimsBroken({ ...record, ledger: { ...record.ledger, wallets } })).to.deep.equal([
      'no update lost or invented',
    ]);
  });

  it('accepts the last unit of a killed process as sold or unsold, and of no other process', () => {
    const unanswered = served(10, 20, 1).slice(0, -1);
    for (const points of [0, 1]) {
      const killed = ofProcess('1', unanswered, { wasKilled: true, ending: 'SIGKILL' });
      expect(claimsBroken(recordOf([killed], points))).to.deep.equal([]);
      expect(claimsBroken(recordOf([ofProcess('1', unanswered)], points))).to.deep.equal([
        'no update lost or invented',
      ]);
    }
  });

  it('finds a waiter past its deadline, without the time in which its process was stopped', () => {
    const [begun, asked, ...rest] = served(30_000, 30_010, 1) as [FuzzEvent, FuzzEvent];
    const events = [begun, { ...asked, at: 0 }, ...rest];
    const claim = 'every waiter settled by its deadline';
    expect(claimsBroken(recordOf([ofProcess('1', events)], 1))).to.deep.equal([claim]);
    const pauses = [{ from: 1_000, to: 29_000 }];
    expect(claimsBroken(recordOf([ofProcess('1', events, { pauses })], 1))).to.deep.equal([]);
    const unsettled: FuzzEvent = { event: 'asked', at: 0, acquire: 1, keys: KEYS };
    expect(claimsBroken(recordOf([ofProcess('1', [unsettled])], 0))).to.deep.equal([claim]);
  });

  it('finds a period without any progress', () => {
    const span = { from: 0, to: 60_000 };
    expect(claimsBroken(recordOf([first], 1, { span }))).to.deep.equal(['work continues']);
  });

  it('proves nothing by a run in which nothing happened', () => {
    const verdicts = judge(recordOf([], 0));
    expect(verdicts.map(({ seen }) => seen)).to.deep.equal(verdicts.map(() => 0));
    for (const { claim, broken } of verdicts) expect(broken, claim).not.to.have.lengthOf(0);
  });

  it('finds crashes, warnings and failures that were not expected', () => {
    const claim = 'no unhandled rejection, no warning, no crash';
    const crashed = ofProcess('1', [], { ending: '1' });
    expect(claimsBroken(recordOf([crashed], 0))).to.deep.equal([claim]);
    const events: FuzzEvent[] = [
      { event: 'stray', at: 1, reason: 'PromiseRejectionHandledWarning' },
    ];
    expect(claimsBroken(recordOf([ofProcess('1', events)], 0))).to.deep.equal([claim]);
  });
});
