/**
 * What PostgreSQL or the way to it refuses, in words for whoever runs the hall. An unforeseen error keeps its
 * SQLSTATE and the names of table and rule only: the server's own text may quote a row (Appendix A of its manual
 * lists the codes).
 */
import { DatabaseError } from 'pg'
import { StoreError, type StoreFaultCode } from '../../sqlite.ts'

interface Fault {
  code: StoreFaultCode
  words: string
}

/** Settings, locks and prepared statements are a session's own: a hall needs one that stays the same. */
export const POOLED =
  'is behind a pooler that hands one session to several connections: set pool_mode = session there, or give the address of the server itself'

/** By SQLSTATE, or by its class of two letters. */
const faults: Readonly<Record<string, Fault>> = {
  '28': {
    code: 'store-login',
    words: 'refuses this user or password: check the name and the password of --database',
  },
  '3D000': {
    code: 'store-absent',
    words: 'has no database of this name: create it (createdb --encoding=UTF8) or correct --database',
  },
  '42501': {
    code: 'store-login',
    words: 'does not let this user create or use its tables: make it the owner of the database',
  },
  '25006': {
    code: 'store-read-only',
    words: 'is read-only, as a standby is: give the address of the primary',
  },
  '53100': { code: 'store-full', words: 'has no room left on its disk: nothing is stored until there is' },
  '53': { code: 'store-busy', words: 'is out of connections or memory: raise max_connections or run fewer' },
  '55P03': { code: 'store-busy', words: 'kept a lock too long: the request is to be sent again' },
  '57014': { code: 'store-busy', words: 'took too long: the request is to be sent again' },
  '40': { code: 'store-busy', words: 'had to give one of two transactions up: it is to be sent again' },
  '57P': { code: 'store-unreachable', words: 'is being stopped or started: it is asked again' },
  '08': { code: 'store-unreachable', words: 'has dropped the connection: it is asked again' },
  '25P03': {
    code: 'store-unreachable',
    words: 'has ended a transaction that stood still: it is to be sent again',
  },
  // Of statements that are prepared once for each connection: what was sent has met another session than its own.
  '26000': { code: 'store-unsafe', words: POOLED },
  '42P05': { code: 'store-unsafe', words: POOLED },
  XX001: { code: 'store-damaged', words: 'reports a damaged table: restore the database from a backup' },
  XX002: { code: 'store-damaged', words: 'reports a damaged index: rebuild it with REINDEX DATABASE' },
}

/** How Node and the client say that there is no way to the server. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
])

/** The client names these by their texts alone. */
const LOST =
  /^Connection terminated|^timeout exceeded when trying to connect|^Query read timeout|not queryable$/
const NO_PASSWORD = /^SASL/

export function postgresFault(error: unknown, place: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error
  const fault = faultOf(error)
  if (fault !== null) return new StoreError(fault.code, `PostgreSQL at ${place} ${fault.words}`)
  if (!(error instanceof DatabaseError)) return error
  const { code = '', table = '', constraint = '', routine = '' } = error
  return new Error(`PostgreSQL refused a statement: ${[code, table, constraint, routine].join(' ').trim()}`)
}

/** After such an error a connection is not asked anything more. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof StoreError) return error.code === 'store-unreachable'
  if (error instanceof DatabaseError) return faultOf(error)?.code === 'store-unreachable'
  return error instanceof Error && faultOf(error) !== null
}

function faultOf(error: Error): Fault | null {
  const code = 'code' in error ? String(error.code) : ''
  if (error instanceof DatabaseError)
    return faults[code] ?? faults[code.slice(0, 3)] ?? faults[code.slice(0, 2)] ?? null
  if (UNREACHABLE.has(code) || LOST.test(error.message))
    return {
      code: 'store-unreachable',
      words: 'does not answer: check that it runs and can be reached from here',
    }
  if (NO_PASSWORD.test(error.message))
    return { code: 'store-login', words: 'asks for a password, and none or a wrong one was given' }
  return null
}
