/** A refusal of a store, as it must be: in words, and without any password, however it is looked at. */
import { inspect } from 'node:util'
import { expect } from 'vitest'
import { StoreError } from '../../../../sync/sqlite.ts'
import { PASSWORD } from './postgres.ts'

export const WRONG_PASSWORD = 'wrong-horse'

export function asFault(error: unknown): StoreError {
  if (!(error instanceof StoreError)) throw new Error(`not refused in words: ${inspect(error)}`)
  const whole = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error)
  for (const secret of [PASSWORD, WRONG_PASSWORD]) expect(whole).not.toContain(secret)
  return error
}
