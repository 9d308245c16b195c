/** Invented values that the rooms are tested with. */
import { readFileSync } from 'node:fs'
import { guideIndexOf } from '../../../device/content/guide-search/guide-index.ts'
import type { World } from '../../../device/session/state.ts'
import { tilesOf } from '../../../device/session/tiles.ts'
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import { Personal } from '../../../drivers/personal.ts'
import { Case } from '../../../sync/protocol/cases.ts'
import { type BlankForm, Guide, Hall } from '../../../sync/protocol/content.ts'
import { ProofOffers } from '../../../sync/protocol/proofs.ts'
import { BusinessTypes } from '../../../sync/protocol/queue.ts'

const demo = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../sync/hall/demo/${name}`, import.meta.url), 'utf8'))

export const sampleHall: Hall = Hall.parse(demo('hall.json'))
export const sampleGuide: Guide = Guide.parse(demo('guides/ordinary-passport.json'))

export const sampleForm: BlankForm = {
  title: '中国公民出入境证件申请表',
  titleEnglish: 'Application for an exit and entry document',
  itemCodes: [sampleGuide.itemCode],
  sha256: 'f'.repeat(64),
  pages: 2,
}

/** The name and number that must be nowhere once a session is over. */
export const PERSON = { name: '林晚舟', masked: '林*', number: '330099198803120028' }

export const sampleCard = (number = PERSON.number): Personal<IdCard> =>
  new Personal<IdCard>({
    kind: 'citizen',
    name: PERSON.name,
    sex: 'female',
    ethnicGroup: '汉',
    birth: '1988-03-12',
    address: '浙江省云溪区灯火巷1号',
    number,
    issuer: '云溪区公安分局',
    validFrom: '2020-01-01',
    validTo: '2040-01-01',
    photo: new Personal(new Uint8Array()),
  })

export const sampleCase = (caseNo: string, change: Partial<Case> = {}): Case =>
  Case.parse({
    caseNo,
    itemCode: sampleGuide.itemCode,
    itemName: '普通护照申领',
    kind: 'promised',
    state: 'in-review',
    steps: [{ name: '受理', at: '2026-11-16T10:00:00+08:00', who: '窗口' }],
    acceptedAt: '2026-11-16T10:00:00+08:00',
    statutoryDays: 20,
    promisedBy: '2026-11-27',
    clockFrom: '2026-11-16T10:00:00+08:00',
    overdue: false,
    missing: [],
    reasons: [],
    remedy: null,
    contact: { name: '周明', window: '05', phone: '0000-88000101' },
    applicantMasked: PERSON.masked,
    documents: [
      {
        handle: 'handle-of-receipt',
        kind: 'receipt',
        title: '收件凭证',
        pages: 1,
        form: {
          title: '收件凭证',
          documentNumber: null,
          caseNo,
          itemName: '普通护照申领',
          applicantMasked: PERSON.masked,
          phoneMasked: '139****0000',
          office: '云溪区公安分局',
          statements: ['已收到您的申请材料。'],
          materials: [{ name: '居民身份证', source: '申请人' }],
          legalBasis: [],
          issuedAt: '2026-11-16T10:00:00+08:00',
          issuedBy: '云溪区公安分局',
          questionPhone: '0000-88000101',
          objection: null,
        },
      },
      { handle: 'handle-of-result', kind: 'result', title: '普通护照', pages: 1, form: null },
    ],
    pickup: null,
    ...change,
  })

export const sampleWorld = (change: Partial<World> = {}): World => ({
  nowMs: 1_000_000,
  enrolled: true,
  online: true,
  tiles: tilesOf({
    offered: ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'],
    online: true,
    reader: true,
    scanner: true,
    content: true,
    numbers: true,
  }),
  accepts: { card: true, code: true },
  printers: { a4: true, receipt: true },
  printerTroubles: { a4: null, receipt: null },
  guides: [sampleGuide],
  guideIndex: guideIndexOf([sampleGuide]),
  forms: [sampleForm],
  businessTypes: BusinessTypes.parse(demo('business-types.json')),
  proofs: ProofOffers.parse(demo('proofs.json')),
  calendars: [],
  hall: sampleHall,
  now: new Date('2026-11-20T22:40:00+08:00'),
  ...change,
})
