import { randomBytes, scryptSync } from 'node:crypto'

/** The hash of a PIN as the hall's content carries it, but cheap: tests sign in often. */
export const cheapHash = (pin: string): string => {
  const salt = randomBytes(16)
  const hash = scryptSync(pin, salt, 32, { N: 2, r: 1, p: 1 })
  const plain = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$scrypt$ln=1,r=1,p=1$${plain(salt)}$${plain(hash)}`
}
