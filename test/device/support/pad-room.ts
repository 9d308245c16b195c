/** A rating room of its own: a real store and chain in a folder, and a hall's sealing key to open what it sealed. */

import { type Mock, vi } from 'vitest'
import { Pad } from '../../../device/rating/pad.ts'
import type { AskedQuestion, PadOptions, WindowNews } from '../../../device/rating/pad-types.ts'
import { QuestionStore } from '../../../device/rating/question-store.ts'
import { sealForRating } from '../../../device/rating/sealing.ts'
import { openStore } from '../../../device/store/store.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import { Envelope, type EventData } from '../../../sync/protocol/events.ts'
import { createSealingKeyPair, publicSealingKey, type SealingKeyPair } from '../../../sync/protocol/keys.ts'
import type { Db } from '../../../sync/sqlite.ts'

export const DEVICE_ID = 'P-0571-0001'

export interface PadRoom {
  pad: Pad
  store: QuestionStore
  db: Db
  sealingKeys: SealingKeyPair
  news: WindowNews[]
  troubles: unknown[]
  /** Called with the page that is told. */
  onPage: Mock<(page: string) => void>
  /** Every event of the chain, oldest first. */
  events(): { type: string; data: Record<string, unknown> }[]
  ratings(): EventData<'rating'>[]
  close(): void
}

export const openPadRoom = (
  folder: string,
  sealingKeys: SealingKeyPair = createSealingKeyPair(),
  more: Partial<Pick<PadOptions, 'dictionaries' | 'hasPanel'>> = {},
): PadRoom => {
  const identity = loadIdentity(folder)
  identity.enrol(DEVICE_ID, publicSealingKey(sealingKeys))
  const db = openStore(folder)
  const outbox = openOutbox({ db, identity })
  const store = new QuestionStore(db, outbox.append)
  const news: WindowNews[] = []
  const troubles: unknown[] = []
  const onPage = vi.fn<(page: string) => void>()
  const pad: Pad = new Pad({
    store,
    sealText: (text) => sealForRating(identity, { text }),
    dictionaries: () => [],
    hasPanel: true,
    ...more,
    clock: () => ({ synchronized: true, offsetMs: -12 }),
    onPage: () => onPage(pad.view().name),
    onNews: (one) => news.push(one),
    onLeft: () => {},
    onTrouble: (error) => troubles.push(error),
  })
  const events = () =>
    db
      .prepare<[], string>('SELECT text FROM outbox_events ORDER BY epoch, sequence')
      .pluck()
      .all()
      .map((text) => {
        const { type, data } = Envelope.parse(JSON.parse(text))
        return { type: type.slice('cn.window24.'.length, -'.v1'.length), data }
      })
  return {
    pad,
    store,
    db,
    sealingKeys,
    news,
    troubles,
    onPage,
    events,
    ratings: () =>
      events()
        .filter(({ type }) => type === 'rating')
        .map(({ data }) => data as EventData<'rating'>),
    close() {
      pad.close()
      outbox.close()
      db.close()
    },
  }
}

export const question = (caseNo = 'YX2026110007K3', change: Partial<AskedQuestion> = {}): AskedQuestion => ({
  case: {
    caseNo,
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    handleItem: null,
    serviceName: '受理',
    serviceNumber: 1,
    ticketNo: 'A018',
  },
  assessNumber: 1,
  staffId: null,
  window: '12',
  user: null,
  replace: false,
  ...change,
})
