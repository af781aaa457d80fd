import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface DutyRow {
  name: string;
  holder: string;
  until: Date;
  version: number;
}

export type DutiesTable = ModelStatic<Model<DutyRow>>;

export function defineDuties(sequelize: Sequelize): DutiesTable {
  return sequelize.define<Model<DutyRow>>('duties', {
    name: { type: DataTypes.STRING(32), primaryKey: true },
    holder: { type: DataTypes.CHAR(36), allowNull: false },
    until: { type: DataTypes.DATE(3), allowNull: false, field: 'held_until' },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}
