import { createRequire } from 'node:module';

/**
 * Makes the syntax walker of dependency-cruiser accept `using` and `await using`. The walker is no
 * longer developed and fails on them as unknown statements.
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
