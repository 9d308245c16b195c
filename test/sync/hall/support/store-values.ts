/** Codes, chains and batches for a store: nothing of them is real but their shape. */
import type { ReceivedBatch, Store, StoredEvent } from '../../../../sync/hall/store/store.ts'
import { FIRST_PREVHASH, formatSequence } from '../../../../sync/protocol/identifiers.ts'
import { createSigningKeyPair, thumbprint } from '../../../../sync/protocol/keys.ts'

export const AT = new Date('2026-11-20T12:00:00Z')
export const later = (ms: number): Date => new Date(AT.getTime() + ms)

export function enrolment(codeHash: string) {
  const { publicKey } = createSigningKeyPair()
  return {
    codeHash,
    publicKey,
    thumbprint: thumbprint(publicKey),
    device: { role: 'pad' as const, name: '12号窗口', window: '12', software: '0.1.0' },
    at: AT,
    nameDevice: (number: number) => `P-${number}`,
  }
}

/** Hashes as long as real ones; which chain and which place is all that a store looks at. */
export const hash = (sequence: number, branch = 'a'): string => `${branch}${sequence}`.padEnd(43, '_')

export function chain(length: number, branch = 'a'): StoredEvent[] {
  return Array.from({ length }, (_, index) => ({
    epoch: 1,
    sequence: index + 1,
    type: 'cn.window24.rating.v1',
    hash: hash(index + 1, branch),
    prevhash: index === 0 ? FIRST_PREVHASH : hash(index, branch),
    text: `{"text":"满意 ${branch}${index + 1}"}`,
  }))
}

export function batch(accepted: readonly StoredEvent[]): ReceivedBatch {
  const [first, last] = [at(accepted, 0).sequence, at(accepted, accepted.length - 1).sequence]
  return {
    deviceId: 'P-1',
    epoch: 1,
    first,
    last,
    accepted,
    explained: [],
    ratings: [],
    at: AT,
    missingLimit: 500,
  }
}

export function stored(count: number, duplicate = 0, missing: number[] = []) {
  return { outcome: 'stored', stored: count, duplicate, missing }
}

export function status(bootId: string, sequence: number) {
  const head = { epoch: 1, sequence: formatSequence(sequence), hash: hash(sequence) }
  return { deviceId: 'P-1', bootId, head, text: '{}', at: AT }
}

export async function all(store: Store): Promise<StoredEvent[]> {
  return await Array.fromAsync(store.eventsOf('P-1'))
}

export function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error(`nothing at ${index}`)
  return item
}

/** Enrols one device, under an id of the test's choosing. */
export async function addDevice(store: Store, deviceId = 'P-1'): Promise<void> {
  await store.addEnrolmentCode({ codeHash: `code of ${deviceId}`, createdAt: AT, expiresAt: later(1000) })
  await store.enrol({ ...enrolment(`code of ${deviceId}`), nameDevice: () => deviceId })
}
