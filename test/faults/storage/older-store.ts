/** A store as the first version left it, so that its migration can be cut. The text is that version's, for ever. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createHallClient } from '../../../sync/hall-client.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { makeEvent } from '../../../sync/protocol/chain.ts'
import { FIRST_PREVHASH, formatInstant } from '../../../sync/protocol/identifiers.ts'
import { openLedger } from './ledger.ts'
import { join as joinHall } from './records.ts'

const FIRST_OUTBOX = `
  CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT;
  CREATE TABLE outbox_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE outbox_events (
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    time TEXT NOT NULL,
    text TEXT NOT NULL,
    released_at INTEGER,
    set_aside TEXT,
    PRIMARY KEY (epoch, sequence)
  ) STRICT;
  CREATE INDEX outbox_unsent ON outbox_events (epoch, sequence)
    WHERE released_at IS NULL AND set_aside IS NULL;
  CREATE INDEX outbox_released ON outbox_events (released_at) WHERE released_at IS NOT NULL;
  INSERT INTO migrations VALUES ('outbox-1', '2026-11-01T00:00:00.000Z');
`

export interface OlderStore {
  folder: string
  ledger: string
  hallUrl: string
  enrolmentCode: string
  /** Waiting in it. */
  ratings: number
}

/** The migrations that came later are applied by name at the next start. */
export async function layOlderStore({ folder, ledger: path, ratings, ...hall }: OlderStore): Promise<void> {
  const identity = loadIdentity(folder)
  const deviceId = await joinHall(createHallClient({ url: hall.hallUrl, identity }), hall.enrolmentCode)
  const db = new Database(join(folder, 'store.sqlite'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(FIRST_OUTBOX)
  const insert = db.prepare('INSERT INTO outbox_events VALUES (1, ?, ?, ?, ?, ?, NULL, NULL)')
  const ledger = openLedger(path)
  let prevhash: string = FIRST_PREVHASH
  for (let sequence = 1; sequence <= ratings; sequence += 1) {
    const caseNo = `OLD${sequence}`
    const { event, text } = makeEvent({
      deviceId,
      epoch: 1,
      sequence,
      prevhash,
      type: 'rating',
      time: new Date(),
      data: ratingOfOld(caseNo),
    })
    insert.run(sequence, deviceId, event.hash, event.time, text)
    prevhash = event.hash
    ledger.note({ kind: 'rated', caseNo, level: OLD_LEVEL })
  }
  db.prepare('INSERT INTO outbox_head VALUES (1, 1, ?, ?)').run(ratings, prevhash)
  db.close()
  ledger.close()
  identity.rememberChain({ epoch: 1, hash: prevhash })
}

const OLD_LEVEL = 4

const ratingOfOld = (caseNo: string) => ({
  level: OLD_LEVEL,
  labels: [],
  reasonPending: false,
  dictionary: '2019.1',
  comment: null,
  channel: 'pad' as const,
  assessNumber: 1,
  proof: 'none' as const,
  case: {
    caseNo,
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    handleItem: null,
    serviceName: '受理',
    serviceNumber: 1,
    ticketNo: null,
  },
  staff: { staffId: 'S001', window: '1' },
  anonymous: true,
  user: null,
  askedAt: formatInstant(new Date()),
  capturedAt: formatInstant(new Date()),
  clock: { synchronized: true, offsetMs: 0 },
})
