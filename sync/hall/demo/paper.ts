/** What a paper of the demonstration hall's offices says; sync/hall/demo/paper-pdf.ts sets it. */

export interface DemoPaper {
  title: string
  number: string | null
  facts: readonly (readonly [label: string, value: string])[]
  table: { head: readonly string[]; rows: readonly (readonly string[])[] } | null
  paragraphs: readonly string[]
  issuer: string
  date: string
  /** By which whoever receives the paper asks its issuer whether it is one. */
  verification: { code: string; address: string } | null
}

/** Nobody's: RFC 2606 keeps the name. */
const VERIFY_SITE = 'https://verify.yunxi.example'

export function verifyAddress(code: string): string {
  return `${VERIFY_SITE}/${code}`
}

/** Crockford's base 32: no I, L, O, U to be misread from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_CHARACTERS = 16
const GROUP = /.{4}(?=.)/g

/** 16 characters, 80 bits of a digest, in groups of four. */
export function codeOf(digest: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(digest.subarray(0, 10)).toString('hex')}`)
  let code = ''
  for (let left = CODE_CHARACTERS; left > 0; left -= 1) {
    code = (ALPHABET[Number(value % 32n)] ?? '') + code
    value /= 32n
  }
  return code.replace(GROUP, '$&-')
}
