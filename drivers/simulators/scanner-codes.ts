import iconv from 'iconv-lite'

export type CodeEncoding = 'utf-8' | 'gb18030'

/** What a printed code says, as a scanner sends it: text in the scanner's encoding, bytes as they are. */
export function codeBytes(code: string | Uint8Array, encoding: CodeEncoding): Uint8Array {
  return typeof code === 'string' ? Uint8Array.from(iconv.encode(code, encoding)) : code
}
