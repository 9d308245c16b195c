/**
 * A device's program that does nothing but capture and send until it is killed: each fact is told on stdout once it
 * was answered for. Started by kills.ts: `writer.ts FOLDER HALL-URL`.
 */
import { writeSync } from 'node:fs'
import { openRecords } from '../../../device/store/records.ts'
import { createHallClient } from '../../../sync/hall-client.ts'
import { parseSequence } from '../../../sync/protocol/identifiers.ts'
import { startUplink } from '../../../sync/uplink.ts'
import { ratingData } from '../../sync/hall/helpers.ts'
import { HURRY, placeOf } from '../line/pair.ts'

const STDOUT = 1
/** Some tens of ratings a second beside what is being sent. */
const PAUSE_MS = 5

const [dataDir = '', url = ''] = process.argv.slice(2)
const { identity, db, outbox, setAsideIn } = openRecords({ dataDir })
if (setAsideIn !== null) throw new Error('a sound store was set aside')
startUplink({ outbox, line: createHallClient({ url, identity }), random: HURRY })
writeSync(STDOUT, 'ready\n')
setInterval(() => {
  const head = db.transaction(() => outbox.append('rating', ratingData(), new Date())).immediate()
  if (head === null) throw new Error('a rating was only counted')
  writeSync(STDOUT, `${placeOf(head.epoch, parseSequence(head.sequence))} ${head.hash}\n`)
}, PAUSE_MS)
