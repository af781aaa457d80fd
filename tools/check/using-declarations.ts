import { createRequire } from 'node:module';

/**
 * Teaches the syntax walker that dependency-cruiser uses about `using` and `await using`,
 * which the walker, no longer developed, takes for an unknown statement and fails on.
 */
export function readUsingDeclarations(): void {
  const { Visitor } = createRequire(import.meta.url)('@swc/core/Visitor.js') as VisitorModule;
  const visitKnown = Visitor.prototype.visitStatement;
  Visitor.prototype.visitStatement = function visitStatement(statement) {
    if (statement.type !== 'UsingDeclaration') return visitKnown.call(this, statement);
    this.visitVariableDeclarators(statement.decls);
    return statement;
  };
}

interface VisitorModule {
  readonly Visitor: { readonly prototype: StatementVisitor };
}

interface StatementVisitor {
  visitStatement(statement: Statement): Statement;
  visitVariableDeclarators(declarators: unknown): unknown;
}

interface Statement {
  readonly type: string;
  readonly decls?: unknown;
}
