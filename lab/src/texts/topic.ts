/** A Korean name with its topic particle. Names end in a digit or a Latin letter, and are read aloud. */
export function topic(name: string): string {
  return /[178LMNRlmnr]$/.test(name) ? `${name}은` : `${name}는`;
}
