import { expect } from 'chai';
import { type Delivered, OrderedDelivery } from '../../../src/adapters/queue/ordered-delivery.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import { rejection } from '../../support/rejection.js';

const NEVER = new AbortController().signal;

describe('The ordered delivery of a partition', () => {
  let settled: string[];
  let batches: string[][];
  let deadLetters: { content: string | undefined; cause: unknown }[];
  let fails: (ids: readonly string[]) => unknown;
  let buryFails: () => unknown;

  beforeEach(() => {
    [settled, batches, deadLetters] = [[], [], []];
    fails = () => undefined;
    buryFails = () => undefined;
  });

  const delivery = new OrderedDelivery<string, Delivered<string>>({
    what: 'letter',
    settle: async (ids) => {
      batches.push([...ids]);
      const error = fails(ids);
      if (error) throw error;
      settled.push(...ids);
    },
    deadLetter: async ({ content }, cause) => {
      const error = buryFails();
      if (error) throw error;
      deadLetters.push({ content, cause });
    },
    attempts: 3,
    backoff: { firstMs: 1, longestMs: 2 },
    retried: () => {},
  });

  const deliver = (...ids: (string | undefined)[]) =>
    delivery.deliver(
      ids.map((content) => ({ content })),
      NEVER,
    );

  it('settles a batch as a whole', async () => {
    await deliver('a', 'b', 'c');
    expect(batches).to.deep.equal([['a', 'b', 'c']]);
  });

  it('makes a dead letter of only the message that cannot be settled, with its cause', async () => {
    const cause = new Error('poison');
    fails = (ids) => (ids.includes('b') ? cause : undefined);
    await deliver('a', 'b', 'c');
    expect(settled).to.deep.equal(['a', 'c']);
    expect(deadLetters).to.deep.equal([{ content: 'b', cause }]);
    expect(batches.filter((ids) => ids.join() === 'b')).to.have.length(3);
  });

  it('makes a dead letter of an unreadable message without a retry', async () => {
    await deliver('a', undefined, 'c');
    expect(settled).to.deep.equal(['a', 'c']);
    expect(deadLetters.map(({ content }) => content)).to.deep.equal([undefined]);
  });

  it('waits without limit for a server that is down, and makes no dead letter', async () => {
    let times = 20;
    fails = () => (--times > 0 ? new DependencyUnavailableError('database', undefined) : undefined);
    await deliver('a', 'b');
    expect(settled).to.deep.equal(['a', 'b']);
    expect(deadLetters).to.deep.equal([]);
  });

  it('retries a message before it becomes a dead letter', async () => {
    let times = 3;
    fails = () => (--times > 0 ? new Error('chance') : undefined);
    await deliver('a');
    expect(settled).to.deep.equal(['a']);
    expect(deadLetters).to.deep.equal([]);
  });

  it('continues after a message only when its dead letter is stored', async () => {
    let times = 5;
    fails = (ids) => (ids.includes('a') ? new Error('poison') : undefined);
    buryFails = () => {
      expect(settled).to.deep.equal([]);
      return --times > 0 ? new DependencyUnavailableError('kafka', undefined) : undefined;
    };
    await deliver('a', 'b');
    expect(deadLetters.map(({ content }) => content)).to.deep.equal(['a']);
    expect(settled).to.deep.equal(['b']);
  });

  it('stops on the abort signal, and throws its reason', async () => {
    const stopped = new AbortController();
    fails = () => {
      stopped.abort();
      return new DependencyUnavailableError('database', undefined);
    };
    const error = await rejection(delivery.deliver([{ content: 'a' }], stopped.signal));
    expect(error).to.have.property('name', 'AbortError');
    expect(deadLetters).to.deep.equal([]);
  });
});
