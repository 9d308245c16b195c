/**
 * How a technician who has lost the PIN of a device comes in again, beside PROTOCOLS.md §1: by a code that the hall gave
 * and that the device asks it about, `POST /v1/devices/{id}/technician-code` (signed, answer 200 `{time}`); or, without
 * a line, by a file that the hall has signed (`.w24pin`), carried there on a stick.
 */
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { canonicalText } from './canonical.ts'
import { DEVICES_PATH, normalizeEnrolmentCode } from './devices.ts'
import { DeviceId, Instant } from './identifiers.ts'
import { type SigningKey, signEd25519, verifyEd25519 } from './keys.ts'

export const TECHNICIAN_CODE_HOURS = 24
export const RESET_FILE_DAYS = 7
/** More is none: the file is a few hundred bytes. */
export const RESET_FILE_BYTES_AT_MOST = 8 * 1024

export const technicianCodePath = (deviceId: string): string => `${DEVICES_PATH}/${deviceId}/technician-code`

/** As enrolment codes are typed. */
export const TechnicianCodeRequest = z.strictObject({
  code: z
    .string()
    .max(32)
    .transform((typed, context) => {
      const code = normalizeEnrolmentCode(typed)
      if (code !== null) return code
      context.addIssue('a code is 10 characters of Crockford base 32')
      return z.NEVER
    }),
})
export type TechnicianCodeRequest = z.infer<typeof TechnicianCodeRequest>

export const TechnicianCodeAnswer = z.object({ time: Instant })
export type TechnicianCodeAnswer = z.infer<typeof TechnicianCodeAnswer>

export const resetFileName = (deviceId: string): string => `window24-${deviceId}.w24pin`

const Claim = z.strictObject({
  purpose: z.literal('technician-pin'),
  device: DeviceId,
  /** Each is good once. */
  id: z.uuid(),
  issuedAt: Instant,
  expiresAt: Instant,
})
export type ResetClaim = z.infer<typeof Claim>

/** 64 bytes (RFC 8032 §5.1.6) as base64url. */
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/)

const ResetFile = z.strictObject({ window24: Claim, signature: Signature })

/** The file as it lies on a stick: JSON, signed over the RFC 8785 form of the claim in it. */
export function signReset(claim: ResetClaim, privateKey: KeyObject): string {
  const signature = Buffer.from(signEd25519(privateKey, signedBytes(claim))).toString('base64url')
  return `${JSON.stringify({ window24: claim, signature }, null, 2)}\n`
}

export type ReadReset =
  | { ok: true; claim: ResetClaim }
  /** `damaged`: no such file at all. `not-signed`: by none of these keys. */
  | { ok: false; fault: 'damaged' | 'not-signed' }

/** @param keys of the hall, as this device has learned them */
export function readReset(bytes: Uint8Array, keys: readonly SigningKey[]): ReadReset {
  let file: z.infer<typeof ResetFile>
  try {
    file = ResetFile.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return { ok: false, fault: 'damaged' }
  }
  const { window24: claim, signature } = file
  const raw = Buffer.from(signature, 'base64url')
  const isSigned = keys.some((key) => verifyEd25519(key, signedBytes(claim), raw))
  return isSigned ? { ok: true, claim } : { ok: false, fault: 'not-signed' }
}

/** With what it is for in front, so that nothing else that this key may ever sign can be taken for it. */
function signedBytes(claim: ResetClaim): Uint8Array {
  return Buffer.from(`window24 technician-pin v1\n${canonicalText(claim)}`)
}
