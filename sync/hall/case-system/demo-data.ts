/** The people and cases of the demonstration hall. All of them are invented. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CaseRun, CaseState, PickupPlace } from '../../protocol/cases.ts'

export const DemoPerson = z.strictObject({
  id: z.string().regex(/^[a-z]+$/),
  /** What this card shows best, for whoever tries the demo. */
  note: z.string().min(2),
  name: z.string().min(2),
  sex: z.enum(['女', '男']),
  /** The name in GB/T 3304, as it is printed on a card. */
  ethnicGroup: z.string().min(1),
  birth: z.iso.date(),
  address: z.string().startsWith('浙江省云溪区'),
  /** Area 330099 is no real area, so the number is nobody's. */
  number: z.string().regex(/^330099\d{11}[\dX]$/),
  issuer: z.string().min(2),
  validFrom: z.iso.date(),
  validTo: z.union([z.iso.date(), z.literal('长期')]),
  phoneMasked: z.string().regex(/^\d{3}\*{3}\d{4}$/),
})
export type DemoPerson = z.infer<typeof DemoPerson>

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
/** At least one working day ago: on any day and at any hour the demo runs, it has happened. */
const Past = z.strictObject({ workingDays: z.int().max(-1), time: Time })

export const DemoCase = z.strictObject({
  caseNo: z.string().regex(/^[0-9A-Z]{1,50}$/),
  note: z.string().min(2),
  itemCode: z.string().length(31),
  itemName: z.string().min(2),
  office: z.string().min(2),
  kind: CaseRun,
  state: CaseState,
  /** Ids of people; the first is named on the papers. */
  applicants: z.array(z.string()).min(1),
  received: Past,
  accepted: Past.nullable(),
  statutoryDays: z.int().min(1).nullable(),
  promisedDays: z.int().min(0),
  steps: z
    .array(z.strictObject({ name: z.string().min(2), who: z.string().min(2), at: Past.nullable() }))
    .min(1),
  materials: z.array(z.strictObject({ name: z.string().min(2), source: z.string().min(2) })).min(1),
  missing: z.array(z.strictObject({ material: z.string().min(2), reason: z.string().min(2) })),
  /** Working days from acceptance within which the missing material is to come. */
  supplementDays: z.int().min(1).nullable(),
  reasons: z.array(z.string().min(2)),
  remedy: z.string().min(2).nullable(),
  /** The law that the item rests on. */
  legalBasis: z.array(z.string().min(2)).min(1),
  /** The law that a refusal or return rests on. */
  decisionBasis: z.array(z.string().min(2)),
  contact: z.strictObject({
    name: z.string().min(2),
    window: z.string().regex(/^\d{2}$/),
    phone: z.string(),
  }),
  /** The result's name, once there is one. */
  result: z.string().min(2).nullable(),
  pickup: z
    .strictObject({
      state: z.enum(['waiting', 'collected']),
      where: z.string(),
      needs: z.string(),
      at: PickupPlace,
    })
    .nullable(),
  /** What opens the locker or the drawer. */
  collectBy: z.enum(['card', 'receipt-or-card']).default('card'),
  /** 超时默认: with the statutory limit gone, silence counts as consent. */
  consentBySilence: z.boolean().default(false),
})
export type DemoCase = z.infer<typeof DemoCase>

export interface DemoData {
  people: DemoPerson[]
  cases: DemoCase[]
}

/** @throws Error when the files of this product are not what they should be. */
export function readDemoData(folder: string): DemoData {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  return {
    people: z.array(DemoPerson).parse(read('people.json')),
    cases: z.array(DemoCase).parse(read('cases.json')),
  }
}
