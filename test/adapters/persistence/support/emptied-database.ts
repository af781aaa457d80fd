import type { DatabaseKind, Persistence } from '../databases.js';

/** One database for the tests of the enclosing suite. It is empty before each test. */
export function emptiedDatabase(kind: DatabaseKind): () => Persistence {
  const resources = new AsyncDisposableStack();
  let database: Persistence | undefined;
  const opened = () => {
    if (!database) throw new Error('the database is not open');
    return database;
  };
  before(async () => {
    database = await kind.open(resources);
  });
  beforeEach(() => opened().empty());
  after(() => resources.disposeAsync());
  return opened;
}
