/** What keeps a device from its records, in words for whoever starts it. */
import { IdentityError } from '../sync/identity.ts'
import { StoreError } from '../sync/sqlite.ts'
import { type StorageProblem, storageProblem } from '../sync/sqlite-faults.ts'
import { DeviceError } from './device-error.ts'

/** A failed sync closes the store; whoever comes to it afterwards is told this by better-sqlite3, without a code. */
const CLOSED_STORE = 'The database connection is not open'

export const isStoreClosed = (error: unknown): boolean =>
  error instanceof TypeError && error.message === CLOSED_STORE

const WHAT_TO_DO: Record<StorageProblem, string> = {
  'disk-full': 'there is no room on its disk: make some',
  'cannot-write':
    'it cannot be written: check that its disk is not mounted read-only, has room, and whose it is',
  'sync-failed':
    'its disk has failed to keep what was written: check it, and replace it when this comes again',
  damaged: 'what is read from its disk is damaged: replace that disk',
}

/** What came of the folder or what lies in it becomes a DeviceError; anything else stays what it is. */
export const recordsFault = (error: unknown, dataDir: string): unknown => {
  if (error instanceof DeviceError) return error
  if (error instanceof IdentityError) return new DeviceError('identity', error.message)
  if (error instanceof StoreError) return new DeviceError('store', error.message, { cause: error })
  const problem = isStoreClosed(error) ? 'sync-failed' : storageProblem(error)
  if (problem !== null)
    return new DeviceError('store', `${dataDir}: ${WHAT_TO_DO[problem]} (${codeOf(error)})`, { cause: error })
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error) {
    return new DeviceError(
      'data-folder',
      `${dataDir} cannot be used (${error.code}); choose a folder that can be written`,
    )
  }
  return error
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'a sync has failed'

/** Whether the same start may succeed later without anybody doing something to this device's files. */
export const mayPass = (error: DeviceError): boolean => {
  if (error.code !== 'store') return false
  const problem = isStoreClosed(error.cause) ? 'sync-failed' : storageProblem(error.cause)
  return problem === 'disk-full' || problem === 'cannot-write' || problem === 'sync-failed'
}
