import { Gauge, type Registry } from 'prom-client';
import type { ConnectionCounter } from '../persistence/sql/connections/connections-observer.js';

/** Measures the connections to the database at each request for `/metrics`. */
export function measureConnections(registry: Registry, counter: ConnectionCounter): void {
  const registers = [registry];
  // The names and labels are those of OpenTelemetry's semantic conventions.
  new Gauge({
    name: 'db_client_connection_count',
    help: 'Open connections to the database: used by a transaction or a query, or idle',
    labelNames: ['db_client_connection_state'],
    registers,
    collect() {
      const { used, idle } = counter.connections();
      this.set({ db_client_connection_state: 'used' }, used);
      this.set({ db_client_connection_state: 'idle' }, idle);
    },
  });
  new Gauge({
    name: 'db_client_connection_max',
    help: 'Most connections to the database that this instance may open',
    registers,
    collect() {
      this.set(counter.connections().max);
    },
  });
  new Gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Transactions and queries that wait for a free connection to the database',
    registers,
    collect() {
      this.set(counter.connections().waiting);
    },
  });
}
