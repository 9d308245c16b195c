/** The issuers of the demonstration hall: proofs of invented people, as real PDFs with codes to verify them by. */
import { createHash } from 'node:crypto'
import type { DemoPerson } from '../case-system/demo-data.ts'
import { dateInWords, hallDate } from '../case-system/hall-time.ts'
import { codeOf, type DemoPaper, verifyAddress } from '../demo/paper.ts'
import { demoPdf } from '../demo/paper-pdf.ts'
import type { Refused } from '../outside/outcome.ts'
import { type DemoProofs, withMonths } from './demo-data.ts'
import type { ProofIssuer } from './proof-issuer.ts'

/** All of them fit on one. */
const PAGES = 1

export function demoProofIssuer(
  { offers, records }: DemoProofs,
  people: readonly DemoPerson[],
  clock: () => Date,
): ProofIssuer {
  const offerOf = (kind: string) => offers.find((offer) => offer.kind === kind)

  return {
    async kinds() {
      return { outcome: 'found', kinds: offers.map(({ kind }) => kind) }
    },

    async make(kind, person, key) {
      const offer = offerOf(kind)
      if (offer === undefined) return { outcome: 'not-found' }
      const wanted = person.reveal().idNumber.toUpperCase()
      const index = people.findIndex(({ number }) => number === wanted)
      const known = people[index]
      if (known === undefined || records[kind]?.[known.id] === undefined)
        return nothingToProve(kind, offer.title)
      const verificationCode = codeOf(
        createHash('sha256').update(`proof\n${kind}\n${index}\n${key}`).digest(),
      )
      const reference = [kind, index, clock().getTime(), verificationCode].join('.')
      const asked = { verificationCode, verifyAddress: verifyAddress(verificationCode) }
      return { outcome: 'made', proof: { reference, title: offer.title, pages: PAGES, ...asked } }
    },

    async document(reference) {
      const [kind = '', index, madeAt, code] = reference.split('.')
      const offer = offerOf(kind)
      const person = people[Number(index)]
      const record = person === undefined ? undefined : records[kind]?.[person.id]
      const at = new Date(Number(madeAt))
      if (offer === undefined || person === undefined || record === undefined) return { outcome: 'not-found' }
      if (code === undefined || Number.isNaN(at.getTime())) return { outcome: 'not-found' }
      const today = hallDate(at)
      const told = (text: string): string => withMonths(text, today)
      const paper: DemoPaper = {
        title: offer.title,
        number: null,
        facts: [
          ['姓名', person.name],
          ['公民身份号码', person.number],
          ...record.facts.map(([label, value]) => [label, told(value)] as const),
        ],
        table: record.table && {
          head: record.table.head,
          rows: record.table.rows.map((row) => row.map(told)),
        },
        paragraphs: [
          '以上内容按开具时的登记如实打印，供需要的单位核对；之后有变化的，以新的登记为准。',
          '本证明由自助终端打印，与窗口开具的效力相同。',
        ],
        issuer: offer.issuer,
        date: dateInWords(today),
        verification: { code, address: verifyAddress(code) },
      }
      return { outcome: 'found', pdf: await demoPdf(paper, at) }
    },

    close() {},
  }
}

function nothingToProve(kind: string, title: string): Refused {
  const words =
    kind === 'no-house'
      ? '名下有房屋登记，或者查不到您的登记，开不了无房证明。请到3楼27号窗口核对。'
      : `没有查到您的记录，开不了“${title}”。请到办理窗口核对，或者拨打12345。`
  return { outcome: 'refused', code: 'no-record', words }
}
