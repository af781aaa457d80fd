/** Receives one line of text when a step of the run begins. */
export type Progress = (line: string) => void;
