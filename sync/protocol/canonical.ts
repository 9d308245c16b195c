/** Canonical JSON (RFC 8785) and the hashes over it. */
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * The one text of a JSON value.
 * @throws Error when the value has none: lone surrogates, NaN, infinity, cycles, undefined.
 */
export function canonicalText(value: unknown): string {
  if (isPlainInOrder(value, QUICK_DEPTH)) {
    const quick = JSON.stringify(value)
    if (!quick.includes(MAYBE_LONE_SURROGATE)) return quick
  }
  const text = canonicalize(value)
  if (text === undefined) throw new Error('this value has no JSON text')
  return text
}

/** A JSON text beside the value that `JSON.parse` read from it. */
export interface ReadJson {
  text: string
  value: unknown
  /** `JSON.stringify(value)` is this very text. */
  roundTrip: boolean
}

/** Null: no JSON. */
export function readJsonText(text: string): ReadJson | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return { text, value, roundTrip: comesBack(text, value) }
}

/** False too for what is nested deeper than the serialiser's stack, unlike the parser's, can go. */
export function comesBack(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(value) === text
  } catch {
    return false
  }
}

export type Canonicity =
  | 'canonical'
  | 'other-form' // white space, another order or spelling, or a member that stands twice
  | 'no-form' // a string that is not well-formed Unicode has no canonical text

/** How `JSON.stringify` writes a lone surrogate (ECMA-262 §25.5.2.3); in a well-formed text only behind another `\`. */
const MAYBE_LONE_SURROGATE = '\\ud'

/** Deeper than any fact; what is deeper still takes the slow way, which needs no stack. */
const QUICK_DEPTH = 64

/**
 * Whether a text is the RFC 8785 form of its value. ECMAScript's own serialisation is that form in everything but
 * the order of members (RFC 8785 §3.2.2), and a text that it gives back has each of its members once: so a text that
 * comes back whole and has its members in order is canonical, at a third of what canonicalising anew costs.
 */
export function canonicityOf({ text, value, roundTrip }: ReadJson): Canonicity {
  if (roundTrip && !text.includes(MAYBE_LONE_SURROGATE) && inOrder(value, QUICK_DEPTH)) return 'canonical'
  try {
    return canonicalText(value) === text ? 'canonical' : 'other-form'
  } catch {
    return 'no-form'
  }
}

/** By UTF-16 code units (RFC 8785 §3.2.3), which is how `<` compares. */
function inOrder(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  if (Array.isArray(value)) return value.every((element) => inOrder(element, depth - 1))
  const members = value as Record<string, unknown>
  let before = ''
  // What JSON.parse made has no inherited members; a list of entries would cost more than all the rest of this.
  for (const name in members) {
    if (name < before || !inOrder(members[name], depth - 1)) return false
    before = name
  }
  return true
}

/**
 * Whether a value is nothing but JSON with its members in order: ECMAScript's own serialisation is then its RFC 8785
 * form (§3.2.2), at a quarter of what sorting anew costs. What JSON cannot say is for the slow way to refuse.
 */
function isPlainInOrder(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === 0) return false
  if (Array.isArray(value)) return value.every((element) => isPlainInOrder(element, depth - 1))
  const members = value as Record<string, unknown>
  if (members.toJSON !== undefined) return false
  let before = ''
  for (const name in members) {
    if (name < before || !isPlainInOrder(members[name], depth - 1)) return false
    before = name
  }
  return true
}

/** SHA-256 as base64url without padding; of a string, its UTF-8. */
export function sha256Base64url(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url')
}

/** SHA-256 as lower-case hexadecimal, as content is named by it. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex')
}

/**
 * Whether a canonical text has a C0 control other than LF in any of its strings or names. In canonical JSON
 * such a control only ever appears as an escape (RFC 8785 §3.2.2.2), so the text itself tells.
 */
export function hasForbiddenControl(canonical: string): boolean {
  return canonical.includes('\\') && /\\[btfru]/.test(canonical.replaceAll('\\\\', ''))
}
