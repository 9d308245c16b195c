/** A fact as a newer version of the device's software would have put it into the chain: well made, its type unknown. */
import { uuidv7 } from 'uuidv7'
import { placeOf as storedPlace } from '../../../sync/outbox-place.ts'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { sourceOf } from '../../../sync/protocol/events.ts'
import { formatInstant, formatSequence } from '../../../sync/protocol/identifiers.ts'
import { type FaultDevice, placeOf } from './pair.ts'

export const NEWER_TYPE = 'cn.window24.air-quality.v1'

interface HeadRow {
  epoch: number
  sequence: number
  hash: string
}

/** Gives its place. It goes into the outbox's tables themselves: today's code rightly refuses to make it. */
export function appendNewerFact({ db, identity }: Pick<FaultDevice, 'db' | 'identity'>): string {
  return db
    .transaction(() => {
      const head = db.prepare<[], HeadRow>('SELECT epoch, sequence, hash FROM outbox_head').get()
      if (head === undefined || identity.deviceId === null) throw new Error('no chain yet')
      const sequence = head.sequence + 1
      const time = formatInstant(new Date())
      const unhashed = {
        specversion: '1.0',
        id: uuidv7(),
        source: sourceOf(identity.deviceId),
        type: NEWER_TYPE,
        time,
        datacontenttype: 'application/json',
        epoch: head.epoch,
        sequence: formatSequence(sequence),
        prevhash: head.hash,
        data: { particles: 12 },
      }
      const hash = sha256Base64url(canonicalText(unhashed))
      const text = canonicalText({ ...unhashed, hash })
      db.prepare('INSERT INTO outbox_events (place, hash, text) VALUES (?, ?, ?)').run(
        storedPlace(head.epoch, sequence),
        hash,
        text,
      )
      db.prepare('UPDATE outbox_head SET sequence = ?, hash = ?').run(sequence, hash)
      return placeOf(head.epoch, sequence)
    })
    .immediate()
}
