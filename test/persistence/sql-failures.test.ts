import { expect } from 'chai';
import { ConnectionRefusedError, DatabaseError } from 'sequelize';
import { isDenied, translateSqlError } from '../../src/adapters/persistence/sql/sql-failures.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  ResourceBusyError,
} from '../../src/domain/ports/failures.js';

function thrownByDriver(code: string): Error {
  return Object.assign(new Error(`the server says ${code}`), { code, sql: 'SELECT 1' });
}

const kinds = [
  { kind: ConcurrentUpdateError, codes: ['ER_LOCK_DEADLOCK', 'ER_CHECKREAD'] },
  { kind: ResourceBusyError, codes: ['ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY'] },
  {
    kind: DependencyUnavailableError,
    codes: [
      'PROTOCOL_CONNECTION_LOST',
      'ECONNREFUSED',
      'ER_OPTION_PREVENTS_STATEMENT',
      'SQLITE_FULL',
    ],
  },
];

describe('What the database driver throws', () => {
  for (const { kind, codes } of kinds) {
    for (const code of codes) {
      it(`is a ${kind.name} when it says ${code}, inside Sequelize's error or bare`, () => {
        const bare = thrownByDriver(code);
        const wrapped = new DatabaseError(bare as ConstructorParameters<typeof DatabaseError>[0]);
        expect(translateSqlError(bare)).to.be.instanceOf(kind);
        expect(translateSqlError(wrapped)).to.be.instanceOf(kind);
      });
    }
  }

  it('is an outage when the account is refused, but a start need not wait for its end', () => {
    const refused = new ConnectionRefusedError(thrownByDriver('ER_ACCESS_DENIED_ERROR'));
    const failure = translateSqlError(refused);
    // The account of a running service was changed, and may be again.
    expect(failure).to.be.instanceOf(DependencyUnavailableError);
    expect(isDenied(failure)).to.equal(true);
    expect(isDenied(translateSqlError(thrownByDriver('ECONNREFUSED')))).to.equal(false);
  });

  it('stays what it is when it is a fault of ours', () => {
    const fault = new DatabaseError(
      thrownByDriver('ER_PARSE_ERROR') as ConstructorParameters<typeof DatabaseError>[0],
    );
    expect(translateSqlError(fault)).to.equal(fault);
  });
});
