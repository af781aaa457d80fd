/** A text with the users and passwords of its addresses taken out, as in `redis://***@host`. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#"']*@/gi, '$1***@');
}
