/** Enrolment (PROTOCOLS.md §1.1): codes for technicians, and the ids of devices. */
import { randomInt } from 'node:crypto'
import { sha256Hex } from '../protocol/canonical.ts'
import type { DeviceRole, EnrolmentRequest } from '../protocol/devices.ts'
import { thumbprint } from '../protocol/keys.ts'
import type { EnrolOutcome, Store } from './store/store.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 50 bits: with five tries a minute, guessing one takes longer than any hall will stand. */
const CODE_CHARACTERS = 10
const CODE_LIFETIME_MS = 24 * 60 * 60 * 1000

const NUMBER_DIGITS = 4
/** So that a hall restored from an old backup, whose numbers begin again, never gives one id to two devices. */
const SUFFIX_CHARACTERS = 4

const ROLE_LETTERS = { terminal: 'T', pad: 'P' } as const satisfies Record<DeviceRole, string>

export function newEnrolmentCode(): string {
  return crockford(CODE_CHARACTERS)
}

export async function keepEnrolmentCode(store: Store, code: string, now: Date): Promise<void> {
  const expiresAt = new Date(now.getTime() + CODE_LIFETIME_MS)
  await store.addEnrolmentCode({ codeHash: sha256Hex(code), createdAt: now, expiresAt })
}

/** `request` was signed by the very key that it names. */
export async function enrol(store: Store, request: EnrolmentRequest, now: Date): Promise<EnrolOutcome> {
  const { enrolmentCode, publicKey, role, name, window, software } = request
  return await store.enrol({
    codeHash: sha256Hex(enrolmentCode),
    publicKey,
    thumbprint: thumbprint(publicKey),
    device: { role, name, window, software },
    at: now,
    nameDevice: (number) =>
      `${ROLE_LETTERS[role]}-${String(number).padStart(NUMBER_DIGITS, '0')}-${crockford(SUFFIX_CHARACTERS)}`,
  })
}

function crockford(characters: number): string {
  return Array.from({ length: characters }, () => CROCKFORD[randomInt(CROCKFORD.length)]).join('')
}
