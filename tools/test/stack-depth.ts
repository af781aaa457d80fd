/**
 * Mocha keeps all calls of a stack, also of errors that a library throws and catches. With them the boundary
 * rules need 12 s in place of 4. This is the default of Node.
 */
Error.stackTraceLimit = 10;
