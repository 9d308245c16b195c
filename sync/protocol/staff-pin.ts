/**
 * The PIN that a clerk signs in with at the pad of their window. The hall's content carries its hash alone (scrypt,
 * RFC 7914), in the form of the password hashing competition: `$scrypt$ln=15,r=8,p=3$SALT$HASH`. What is short enough
 * to be typed can be tried through by whoever has the hash: it stays between the hall and its devices, reaches no
 * page and no log, and is made dear to try.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

export const PIN_DIGITS_AT_LEAST = 6
export const PIN_DIGITS_AT_MOST = 12

/** As OWASP's password storage cheat sheet has it for 32 MiB; about a third of a second on a pad. */
const COST = { ln: 15, r: 8, p: 3 } as const
/** A hash that came with the content must not take a pad's memory: 64 MiB and a second or so at most. */
const MOST = { ln: 16, r: 8, p: 4 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32
/** scrypt needs 128 · N · r bytes and a little more (RFC 7914 §2). */
const MEMORY_BYTES = 2 * 128 * 2 ** MOST.ln * MOST.r

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

interface Read {
  ln: number
  r: number
  p: number
  salt: Buffer
  hash: Buffer
}

const read = (text: string): Read | null => {
  const [, ln, r, p, salt = '', hash = ''] = FORM.exec(text) ?? []
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const fits = (['ln', 'r', 'p'] as const).every((name) => cost[name] >= 1 && cost[name] <= MOST[name])
  return fits ? { ...cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') } : null
}

/** A hash as the hall's content carries it. */
export const StaffPinHash = z
  .string()
  .refine((text) => read(text) !== null, 'no hash of a PIN: "window24 hall pin" writes one')

/** What speaks against a new PIN, for whoever chooses it; never the PIN itself. */
export type WeakPin =
  | 'not-digits'
  | 'too-short'
  | 'too-long'
  | 'few-digits'
  | 'in-a-row'
  | 'repeated'
  | 'number'

/** @param staffId a PIN that is the staff number, or holds its digits, is everybody's guess. Null: it can be used */
export function weaknessOf(pin: string, staffId: string): WeakPin | null {
  if (!/^[0-9]*$/.test(pin)) return 'not-digits'
  if (pin.length < PIN_DIGITS_AT_LEAST) return 'too-short'
  if (pin.length > PIN_DIGITS_AT_MOST) return 'too-long'
  if (new Set(pin).size < DIGITS_APART) return 'few-digits'
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])))
  if (steps.size === 1) return 'in-a-row'
  if (/^(.{1,4}?)\1+$/.test(pin)) return 'repeated'
  const digits = staffId.replace(/\D/g, '')
  return digits.length >= DIGITS_OF_A_NUMBER && pin.includes(digits) ? 'number' : null
}

/** 112112 and 121121 are among the first that anybody tries. */
const DIGITS_APART = 3
/** Fewer stand in many an honest PIN. */
const DIGITS_OF_A_NUMBER = 3

/** @returns what `Staff.pin` of the hall's content holds */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await stretched(pin, { ...COST, salt })
  const plain = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${plain(salt)}$${plain(hash)}`
}

/** @throws Error when `hash` is none that `StaffPinHash` takes */
export async function isPin(pin: string, hash: string): Promise<boolean> {
  const known = read(hash)
  if (known === null) throw new Error('no hash of a PIN')
  return timingSafeEqual(await stretched(pin, known), known.hash)
}

/** Takes its time on a thread of its own: the pad goes on meanwhile. */
function stretched(pin: string, { ln, r, p, salt }: Omit<Read, 'hash'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, { N: 2 ** ln, r, p, maxmem: MEMORY_BYTES }, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
}
