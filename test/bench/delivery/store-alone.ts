/**
 * What the hall's store takes by itself: batches that are checked already, one after the other, each on the disk before
 * the next. Arguments: folder, how many events. Told `go`, it begins.
 */
import { join } from 'node:path'
import { checkBatch } from '../../../sync/hall/http/batch-check.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import type { ReceivedBatch } from '../../../sync/hall/store/store.ts'
import { MAX_BATCH_EVENTS } from '../../../sync/protocol/batch.ts'
import { readJsonText } from '../../../sync/protocol/canonical.ts'
import { createSigningKeyPair, thumbprint } from '../../../sync/protocol/keys.ts'
import { demoChain } from './ratings.ts'

const CODE_HASH = 'bench'
const CODE_LIFETIME_MS = 60_000

const [dir = '', count = '0'] = process.argv.slice(2)
const store = openSqliteStore(join(dir, 'hall.sqlite'))
const at = new Date()
const { publicKey } = createSigningKeyPair()
await store.addEnrolmentCode({
  codeHash: CODE_HASH,
  createdAt: at,
  expiresAt: new Date(at.getTime() + CODE_LIFETIME_MS),
})
const enrolled = await store.enrol({
  codeHash: CODE_HASH,
  publicKey,
  thumbprint: thumbprint(publicKey),
  device: { role: 'pad', name: 'bench', window: '12', software: '0' },
  at,
  nameDevice: (number) => `P-BENCH-${number}`,
})
if (enrolled.outcome !== 'enrolled') throw new Error(enrolled.outcome)
const { deviceId } = enrolled

const batches: ReceivedBatch[] = []
let texts: string[] = []
const take = (): void => {
  if (texts.length === 0) return
  const events = texts.map((text) => readJsonText(text)).filter((event) => event !== null)
  const checked = checkBatch(events, deviceId)
  if (!checked.ok) throw new Error(checked.detail)
  batches.push({ ...checked, deviceId, at, missingLimit: MAX_BATCH_EVENTS })
  texts = []
}
for (const { text } of demoChain(deviceId, Number(count))) {
  texts.push(text)
  if (texts.length === MAX_BATCH_EVENTS) take()
}
take()
process.on('disconnect', () => process.exit(1))
process.send?.({ waiting: Number(count) })

await new Promise((resolve) => process.once('message', resolve))
const begun = performance.now()
for (const batch of batches) {
  const outcome = await store.storeBatch(batch)
  if (outcome.outcome !== 'stored') throw new Error(outcome.outcome)
}
const ms = performance.now() - begun
await store.close()
process.send?.({ delivered: Number(count), ms }, () => process.exit(0))
