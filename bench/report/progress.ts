/** Told what is under way. */
export type Progress = (line: string) => void;
