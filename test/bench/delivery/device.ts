/**
 * A device with a backlog: the real identity, outbox and uplink in a process of their own.
 * Arguments: folder, address of the hall, enrolment code, how many ratings wait. Told `go`, it sends until all is
 * stored at the hall and let go here.
 */
import { join } from 'node:path'
import { createHallClient } from '../../../sync/hall-client.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox, outboxMigrations } from '../../../sync/outbox.ts'
import { migrate, openDatabase } from '../../../sync/sqlite.ts'
import { startUplink } from '../../../sync/uplink.ts'
import { demoRating, seeded } from './ratings.ts'

const APPENDED_AT_ONCE = 1_000
const FIRST_AT_MS = Date.UTC(2026, 9, 20, 0, 30)

const [dir = '', url = '', enrolmentCode = '', count = '0'] = process.argv.slice(2)
const identity = loadIdentity(dir)
const client = createHallClient({ url, identity })
const enrolled = await client.enrol({
  enrolmentCode,
  role: 'pad',
  name: 'bench',
  window: '12',
  software: '0',
})
if (!enrolled.ok) throw new Error(`not enrolled: ${JSON.stringify(enrolled)}`)

const db = openDatabase(join(dir, 'store.sqlite'))
migrate(db, outboxMigrations)
const outbox = openOutbox({ db, identity, hallNow: () => client.clock.toldNow() })
const random = seeded(1)
const append = db.transaction((from: number, to: number) => {
  for (let one = from; one < to; one += 1) {
    const at = new Date(FIRST_AT_MS + one * 1_000)
    outbox.append('rating', demoRating(random, at), at)
  }
})
for (let from = 0; from < Number(count); from += APPENDED_AT_ONCE)
  append.immediate(from, Math.min(from + APPENDED_AT_ONCE, Number(count)))
db.pragma('wal_checkpoint(TRUNCATE)')
process.on('disconnect', () => process.exit(1))
process.send?.({ waiting: outbox.backlog().count })

await new Promise((resolve) => process.once('message', resolve))
const begun = performance.now()
const uplink = startUplink({
  outbox,
  line: client,
  onTrouble: (error) => {
    throw error
  },
})
await new Promise<void>((resolve) => {
  uplink.onChange(({ state, backlog }) => {
    if (state === 'idle' && backlog === 0) resolve()
  })
})
const ms = performance.now() - begun
await uplink.close()
outbox.close()
db.close()
process.send?.({ delivered: Number(count), ms }, () => process.exit(0))
