/** What the issuers of the demonstration hall have on record. All of it is invented. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ProofOffers } from '../../protocol/proofs.ts'

const Record_ = z.strictObject({
  facts: z.array(z.tuple([z.string().min(1), z.string().min(1)])).min(1),
  table: z
    .strictObject({ head: z.array(z.string()).min(1), rows: z.array(z.array(z.string())).min(1) })
    .nullable(),
})

/** By kind of proof, then by person. */
const ProofRecords = z.record(z.string(), z.record(z.string(), Record_))

export interface DemoProofs {
  offers: ProofOffers
  records: z.infer<typeof ProofRecords>
}

/** @throws Error when the files of this product are not what they should be. */
export function readDemoProofs(folder: string): DemoProofs {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  return {
    offers: ProofOffers.parse(read('proofs.json')),
    records: ProofRecords.parse(read('proof-records.json')),
  }
}

/** `{month-2}` and `{lastMonth}` as the months before a day: 2026年9月. */
export function withMonths(text: string, today: string): string {
  return text
    .replaceAll('{lastMonth}', monthBefore(today, 1))
    .replace(/\{month-(\d{1,2})\}/g, (_, back: string) => monthBefore(today, Number(back)))
}

function monthBefore(today: string, back: number): string {
  const [year = 0, month = 1] = today.split('-').map(Number)
  const at = year * 12 + (month - 1) - back
  return `${Math.floor(at / 12)}年${(at % 12) + 1}月`
}
