/** How an outside system is reached, as a section of hall.json says it. */
import { z } from 'zod'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Personal data go there: plain HTTP only where no wire is. */
const SystemUrl = z
  .url({
    protocol: /^https?$/,
    error: 'an address such as https://cases.example/window24 is needed',
    abort: true,
  })
  .refine((url) => new URL(url).protocol === 'https:' || LOOPBACK.has(new URL(url).hostname), {
    message: 'https:// is needed, apart from this machine itself',
  })
  .refine((url) => new URL(url).search === '' && new URL(url).hash === '' && new URL(url).username === '', {
    message: 'an address without user, query and fragment is needed',
  })

/** As it goes into a header (RFC 6750 §2.1), long enough not to be guessed. */
export const Token = z
  .string()
  .min(16, 'a token has at least 16 characters')
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'a token is one line of visible ASCII')

/** Members that every outside system's section has. */
export const outsideShape = {
  /** Everything is asked under it: https://cases.example/window24 */
  url: SystemUrl,
  /** Bearer token; in a file of its own, or here. */
  token: Token.optional(),
  tokenFile: z.string().min(1).optional(),
  /** PEM file of the authority that vouches for the system, where it is none of the public ones. */
  ca: z.string().min(1).optional(),
}

export const OutsideSettings = z
  .strictObject(outsideShape)
  .refine(oneToken, { message: 'give either token or tokenFile' })
export type OutsideSettings = z.infer<typeof OutsideSettings>

export function oneToken({
  token,
  tokenFile,
}: {
  token?: string | undefined
  tokenFile?: string | undefined
}): boolean {
  return (token === undefined) !== (tokenFile === undefined)
}
