import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { ApiClient } from '../../support/api-client.js';
import { backends, type Env, type OpenBackend, servers } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct } from '../../support/shop.js';

const USERS = 24;

/** The last answer about the like of a user, and the last request without an answer. */
interface Word {
  acknowledged: boolean;
  unanswered?: boolean | undefined;
}

/** Users who like and unlike without a pause until their instance is down. */
class WaiterLimit {
  readonly words: Word[] = Array.from({ length: USERS }, () => ({ acknowledged: false }));
  answers = 0;

  /** Each user sends requests to one of the instances. */
  async press(instances: readonly InstanceProcess[], env: Env, path: string, turns: number) {
    await Promise.all(
      this.words.map(async (word, i) => {
        const { url } = instances[i % instances.length] as InstanceProcess;
        const user = await ApiClient.of(url, env, `u${i}`);
        for (let turn = 0; turn < turns; turn++) {
          const liked = (i + turn) % 3 !== 0;
          word.unanswered = liked;
          const answer = await user.send(liked ? 'PUT' : 'DELETE', `${path}/likes/me`).catch(gone);
          if (!answer) return;
          if (answer.status !== 204) continue;
          this.answers += 1;
          word.acknowledged = liked;
          word.unanswered = undefined;
        }
      }),
    );
  }

  /** Repeats the last choice, so that nothing is unknown. */
  async settle({ url }: InstanceProcess, env: Env, path: string): Promise<void> {
    for (const [i, word] of this.words.entries()) {
      if (word.unanswered === undefined) continue;
      const user = await ApiClient.of(url, env, `u${i}`);
      const method = word.unanswered ? 'PUT' : 'DELETE';
      expect((await user.send(method, `${path}/likes/me`)).status).to.equal(204);
      word.acknowledged = word.unanswered;
    }
  }

  get likes(): number {
    return this.words.filter(({ acknowledged }) => acknowledged).length;
  }
}

function gone(): undefined {}

async function shows(url: string, path: string, likes: number): Promise<void> {
  await eventually(async () => {
    expect((await new ApiClient(url).get(path)).body.likes).to.equal(likes);
  });
}

for (const backend of backends) {
  describe(`Likes on ${backend.name}, whose instance is killed`, () => {
    let open: OpenBackend;

    before(async () => {
      open = await backend.open();
    });

    after(() => open?.[Symbol.asyncDispose]());

    it('are counted exactly as acknowledged, however often the instance is killed', async () => {
      const env = { ...open.env, LOCK_LEASE_MS: '500', LIKES_FLUSH_MS: '20' };
      const fans = new WaiterLimit();
      let path = '';
      for (let life = 0; life < 3; life++) {
        await using instance = await InstanceProcess.start(env);
        const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
        path ||= `/v1/products/${await addProduct(admin)}`;
        const pressed = fans.press([instance], env, path, Number.POSITIVE_INFINITY);
        // Each life is killed at another point of its work.
        const enough = fans.answers + 2 * USERS + 17 * life;
        await eventually(() => expect(fans.answers).to.be.at.least(enough));
        await instance.end('SIGKILL');
        await pressed;
      }
      expect(fans.answers).to.be.greaterThan(USERS);
      await using instance = await InstanceProcess.start(env);
      await fans.settle(instance, env, path);
      await shows(instance.url, path, fans.likes);
      // The count stays: nothing is counted again.
      await sleep(200);
      await shows(instance.url, path, fans.likes);
    }).timeout(240_000);
  });
}

describe('Likes on two instances', () => {
  let open: OpenBackend;

  before(async () => {
    open = await servers.open();
  });

  after(() => open?.[Symbol.asyncDispose]());

  it('are counted exactly while two editors change the product, and no edit is lost', async () => {
    const env = { ...open.env, LIKES_FLUSH_MS: '10' };
    await using one = await InstanceProcess.start(env);
    await using two = await InstanceProcess.start(env);
    const editors = await Promise.all(
      [one, two].map(({ url }) => ApiClient.of(url, env, 'admin', 'admin')),
    );
    const path = `/v1/products/${await addProduct(editors[0] as ApiClient)}`;
    const fans = new WaiterLimit();
    let editing = true;
    let edits = 0;
    const edited = editors.map(async (editor, i) => {
      for (let price = 0; editing; price++) {
        const answer = await editor.patch(path, { price: price * 2 + i });
        expect(answer.status).to.equal(200);
        edits += 1;
      }
    });
    await fans.press([one, two], env, path, 20);
    editing = false;
    await Promise.all(edited);
    expect(fans.answers).to.equal(USERS * 20);
    for (const { url } of [one, two]) await shows(url, path, fans.likes);
    await eventually(async () => {
      // An earlier count, before the last likes were added, can be the same.
      const { body } = await new ApiClient(one.url).get(path);
      expect(body).to.include({ version: 1 + edits, likes: fans.likes });
    });
  }).timeout(240_000);

  it('are stored while Redis is down, and counted when an empty Redis is up again', async () => {
    const redis = await startRedis({ sources: ['docker', 'binary'] });
    try {
      const env = { ...open.env, REDIS_URL: redis.url, LIKES_FLUSH_MS: '20' };
      await using one = await InstanceProcess.start(env);
      await using two = await InstanceProcess.start(env);
      const admin = await ApiClient.of(one.url, env, 'admin', 'admin');
      const path = `/v1/products/${await addProduct(admin)}`;
      const fans = new WaiterLimit();
      const pressed = fans.press([one, two], env, path, 50);
      await sleep(100);
      await redis.stop('abruptly');
      await sleep(500);
      await redis.start('empty');
      await pressed;
      expect(fans.answers).to.equal(USERS * 50);
      for (const { url } of [one, two]) await shows(url, path, fans.likes);
    } finally {
      await redis.close();
    }
  }).timeout(240_000);
});
