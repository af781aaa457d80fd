import { expect } from 'chai';
import { ClusterObservations } from '../../../../src/adapters/http/lab/cluster/cluster-observations.js';

describe('What the cluster panel observes', () => {
  let observed: ClusterObservations;

  beforeEach(() => {
    observed = new ClusterObservations(2, 'product:1', 1_000);
    answers(0, 1, 10);
    answers(1, 1, 10);
  });

  const answers = (index: number, version: number, beganMs: number) =>
    observed.answered(index, {
      price: 100 * version,
      version,
      source: 'l1',
      beganMs,
      endedMs: beganMs + 5,
    });

  it('knows no change while there is one version', () => {
    expect(observed.change).to.equal(undefined);
  });

  it('counts the age of an answer from the moment the change was answered', () => {
    observed.changed(200, 2, 100);
    answers(0, 2, 110);
    answers(1, 1, 350);
    expect(observed.shown(0, 400).answer?.staleMs).to.equal(0);
    expect(observed.shown(1, 400)).to.deep.include({ worstStaleMs: 250, beyondBound: 0 });
  });

  it('counts the age from the first answer that shows a change of another client', () => {
    answers(0, 2, 100);
    answers(1, 1, 1_200);
    expect(observed.shown(1, 1_300)).to.deep.include({ worstStaleMs: 1_095, beyondBound: 1 });
  });

  it('says how long after the change all agree', () => {
    observed.changed(200, 2, 100);
    answers(0, 2, 110);
    expect(observed.change).to.deep.equal({ price: 200, version: 2, agreedMs: undefined });
    answers(1, 2, 300);
    answers(0, 2, 900);
    expect(observed.change).to.deep.equal({ price: 200, version: 2, agreedMs: 205 });
  });

  it('does not wait for an instance that gives no answer', () => {
    observed.notAnswered(1, 90);
    observed.notAnswered(1, 190);
    observed.changed(200, 2, 100);
    answers(0, 2, 110);
    expect(observed.change?.agreedMs).to.equal(15);
    expect(observed.shown(1, 290).silentMs).to.equal(200);
    answers(1, 2, 300);
    expect(observed.shown(1, 310).silentMs).to.equal(0);
  });
});
