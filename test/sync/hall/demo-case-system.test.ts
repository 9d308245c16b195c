import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { CaseSystem, FoundCase, FoundDocument } from '../../../sync/hall/case-system/case-system.ts'
import { demoCaseSystem } from '../../../sync/hall/case-system/demo.ts'
import { readDemoData } from '../../../sync/hall/case-system/demo-data.ts'
import { maskName } from '../../../sync/hall/case-system/masking.ts'
import { loadContent } from '../../../sync/hall/content/content.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { Case } from '../../../sync/protocol/cases.ts'
import { isWorkingDay } from '../../../sync/protocol/working-days.ts'
import { newFolder } from './helpers.ts'

const FOLDER = join(import.meta.dirname, '../../../sync/hall/demo')
const data = readDemoData(FOLDER)
const { calendars } = loadContent(FOLDER)

/** Saturday evening at the hall, Saturday noon in London. */
const A_SATURDAY = new Date('2026-11-21T12:00:00Z')
/** Inside the seven days of the National Day holiday. */
const A_HOLIDAY = new Date('2026-10-03T02:00:00Z')

const store = openSqliteStore(join(newFolder(), 'hall.sqlite'))
afterAll(() => store.close())

const systemOn = (at: Date): CaseSystem =>
  demoCaseSystem({ data, calendars: () => calendars, clock: () => at, kept: store.demo })

async function allOn(at: Date): Promise<FoundCase[]> {
  const system = systemOn(at)
  const answers = await Promise.all(data.cases.map(({ caseNo }) => system.searchByReceipt(caseNo)))
  return answers.flatMap((answer) => (answer.outcome === 'found' ? answer.cases : []))
}

async function stateOn(at: Date, state: FoundCase['state']): Promise<FoundCase> {
  const found = (await allOn(at)).find((one) => one.state === state)
  if (found === undefined) throw new Error(`no case is ${state}`)
  return found
}

const paper = (one: FoundCase, kind: FoundDocument['kind']): FoundDocument['form'] =>
  one.documents.find((document) => document.kind === kind)?.form ?? null

test('on any date every case is one of the contract, its past is past, and its days are working days', async () => {
  const anyDay = fc.date({ min: new Date('2026-03-01'), max: new Date('2031-12-31'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(anyDay, async (at) => {
      const all = await allOn(at)
      expect(all).toHaveLength(21)
      for (const one of all) {
        Case.parse({ ...one, documents: [] })
        const done = one.steps.flatMap((step) => (step.at === null ? [] : [step.at]))
        expect(done.filter((step) => Date.parse(step) >= at.getTime())).toEqual([])
        for (const step of done) expect(isWorkingDay(step.slice(0, 10), calendars)).toBe(true)
        if (one.promisedBy !== null) expect(isWorkingDay(one.promisedBy, calendars)).toBe(true)
      }
      expect(all.filter(({ overdue }) => overdue).map(({ caseNo }) => caseNo)).toEqual([
        'YX2026100156J9',
        'YX2026110045B2',
      ])
    }),
    { numRuns: 40 },
  )
})

test('days are counted over holidays and shifted working days', async () => {
  const all = await allOn(A_HOLIDAY)
  const passport = all.find(({ caseNo }) => caseNo === 'YX2026110007K3')
  // Back over the Mid-Autumn days (25 to 27 September), forward over those and the National Day ones (to 7 October).
  expect(passport?.acceptedAt).toBe('2026-09-21T10:32:00+08:00')
  expect(passport?.promisedBy).toBe('2026-10-08')
  // Eight working days before: a Sunday that was worked.
  const disability = all.find(({ caseNo }) => caseNo === 'YX2026110039R7')
  expect(disability?.acceptedAt).toBe('2026-09-20T09:55:00+08:00')
})

test('today is the hall’s today, whatever day the server has', async () => {
  // Four in the morning of Friday at the hall, still Thursday in London.
  const transfer = await stateOn(new Date('2026-11-19T20:00:00Z'), 'received')
  expect(transfer.steps[0]?.at).toBe('2026-11-19T16:35:00+08:00')
})

describe('the clock of a case', () => {
  test('stands still in special procedure and while material is missing', async () => {
    for (const state of ['special-procedure', 'supplement', 'received'] as const)
      expect(await stateOn(A_SATURDAY, state)).toMatchObject({
        clockFrom: null,
        promisedBy: null,
        overdue: false,
      })
  })

  test('runs from acceptance, and ends on the promised working day', async () => {
    const loan = (await allOn(A_SATURDAY)).find(({ caseNo }) => caseNo === 'YX2026110015C6')
    expect(loan).toMatchObject({ clockFrom: loan?.acceptedAt, promisedBy: '2026-11-27', overdue: false })
  })
})

describe('the papers of a case', () => {
  test('name nobody in full and always say whom to ask', async () => {
    for (const one of await allOn(A_SATURDAY))
      for (const { form } of one.documents.filter((document) => document.form !== null)) {
        const text = JSON.stringify(form)
        for (const { name, number } of data.people)
          expect([text.includes(name), text.includes(number)]).toEqual([false, false])
        expect(form?.questionPhone).toBe(one.contact.phone)
        expect(form?.phoneMasked).toMatch(/^\d{3}\*{3}\d{4}$/)
      }
  })

  test('a supplement notice says what is missing, by when, and when the clock starts', async () => {
    const one = await stateOn(A_SATURDAY, 'supplement')
    const form = paper(one, 'supplement')
    expect(paper(one, 'acceptance')).toBeNull()
    const words = form?.statements.join('') ?? ''
    for (const expected of ['付款凭证', '本人的银行卡', '2026年11月26日前', '从材料补齐之日起算', '17号窗口'])
      expect(words).toContain(expected)
    expect(form?.documentNumber).toBe('云溪补〔2026〕0012P8号')
    expect(form?.objection).toContain('12345')
  })

  test('a refusal to accept says why, what to do instead, its basis and where to appeal', async () => {
    const one = await stateOn(A_SATURDAY, 'not-accepted')
    const form = paper(one, 'not-accepted')
    const words = form?.statements.join('') ?? ''
    expect(words).toContain(one.reasons[0])
    expect(words).toContain(one.remedy)
    expect(form?.objection).toContain('60日')
    expect(form?.legalBasis.length).toBeGreaterThanOrEqual(3)
    expect(paper(one, 'acceptance')).toBeNull()
  })

  test('a return gives every reason in order', async () => {
    const one = await stateOn(A_SATURDAY, 'returned')
    const form = paper(one, 'return')
    expect(form?.statements.slice(1, 3)).toEqual(
      one.reasons.map((reason, index) => `${index === 0 ? '理由：' : ''}${index + 1}. ${reason}`),
    )
    expect(form?.legalBasis.length).toBeGreaterThan(0)
  })

  test('an acceptance notice gives the limit, and a joint case one window to ask', async () => {
    const all = await allOn(A_SATURDAY)
    const joint = all.find(({ kind, state }) => kind === 'joint' && state === 'accepted')
    if (joint === undefined) throw new Error('no joint case is accepted')
    const words = paper(joint, 'acceptance')?.statements.join('') ?? ''
    expect(words).toContain('1个工作日内办结')
    expect(words).toContain('法定期限是30个工作日')
    expect(words).toContain('只认本窗口')
  })
})

test.each([
  ['张小雨', '张*'],
  ['欧阳明哲', '欧阳*'],
  ['欧阳', '欧*'],
  ['王䶮', '王*'],
  ['𠅤明', '𠅤*'],
  ['古丽娜尔·艾合买提', '古*'],
])('%s is shown as %s', (name, masked) => expect(maskName(name)).toBe(masked))
