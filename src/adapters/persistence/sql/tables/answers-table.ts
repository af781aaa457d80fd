import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface AnswerRow {
  /** Digest of scope and key: both are free text, and an index needs a bounded length. */
  id: string;
  fingerprint: string;
  /** The outcome as JSON. */
  outcome: string;
  expiresAt: Date;
}

export type AnswersTable = ModelStatic<Model<AnswerRow>>;

export function defineAnswers(sequelize: Sequelize): AnswersTable {
  return sequelize.define<Model<AnswerRow>>('answers', {
    id: { type: DataTypes.CHAR(64), primaryKey: true },
    fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
    outcome: { type: DataTypes.TEXT('medium'), allowNull: false },
    expiresAt: { type: DataTypes.DATE(3), allowNull: false },
  });
}
