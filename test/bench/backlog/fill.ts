/** Puts ratings into a device's chain, in a process of its own: what it needs for that is not the device's memory. */
import { openRecords } from '../../../device/store/records.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { demoRating, seeded } from '../delivery/ratings.ts'

const APPENDED_AT_ONCE = 1_000
const FIRST_AT_MS = Date.UTC(2026, 9, 20, 0, 30)

const [dir = '', deviceId = '', count = '0'] = process.argv.slice(2)
const records = openRecords({ dataDir: dir })
const { db, identity, outbox } = records
if (identity.deviceId === null) identity.enrol(deviceId, publicSealingKey(createSealingKeyPair()))
const random = seeded(1)
const append = db.transaction((from: number, to: number) => {
  for (let one = from; one < to; one += 1) {
    const at = new Date(FIRST_AT_MS + one * 1_000)
    outbox.append('rating', demoRating(random, at), at)
  }
})
for (let from = 0; from < Number(count); from += APPENDED_AT_ONCE)
  append.immediate(from, Math.min(from + APPENDED_AT_ONCE, Number(count)))
records.close()
process.send?.({ filled: true }, () => process.exit(0))
