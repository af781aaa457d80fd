-- The account that haproxy and the health check use to ask for the state. It has no rights.
CREATE USER watcher@'%';
