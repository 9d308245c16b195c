/** The papers that a demonstration case has brought forth so far, in the words of DOMAIN.md §3. */
import { type PaperForm, PaperKind } from '../../protocol/cases.ts'
import type { Calendar } from '../../protocol/content.ts'
import { addWorkingDays, workingDeadline } from '../../protocol/working-days.ts'
import type { FoundDocument } from './case-system.ts'
import type { DemoCase, DemoPerson } from './demo-data.ts'
import { dateInWords, hallInstant, type RelativeTime } from './hall-time.ts'
import { maskName } from './masking.ts'

export interface PaperFacts {
  demoCase: DemoCase
  applicant: DemoPerson
  /** YYYY-MM-DD at the hall. */
  today: string
  calendars: readonly Calendar[]
}

/** What differs from one form paper to the next. */
type Wording = Pick<PaperForm, 'statements' | 'materials' | 'legalBasis' | 'objection'> & {
  kind: PaperKind
  title: string
  /** The word of the document number, as in 云溪受〔2026〕…号; null for papers without a number. */
  series: string | null
  issued: RelativeTime
}

const ASK_WINDOW = '1楼“办不成事”反映窗口（12号窗口）'
const OBJECT_TO_HANDLING = `对受理或者办理期限有异议的，可以拨打12345，或者到${ASK_WINDOW}反映，我们1个工作日内回复您。`
const OBJECT_TO_RETURN = `认为不该退回的，可以当场请窗口负责人复核，也可以拨打12345，或者到${ASK_WINDOW}反映。`
/** 行政复议法 (2023) 第二十条: 60 days; 行政诉讼法 (2017) 第四十六条: six months. */
const APPEAL =
  '不服本决定的，可以自收到本通知书之日起60日内向云溪区人民政府申请行政复议，也可以在6个月内向人民法院提起行政诉讼。'
const APPEAL_BASIS = ['《中华人民共和国行政复议法》第二十条', '《中华人民共和国行政诉讼法》第四十六条']

/** Of a hall's paper forms, all fit on one page; so does a result's cover. */
const PAGES = 1

/** Of a case each kind of paper is there once. */
export function paperReference(caseNo: string, kind: PaperKind): string {
  return `${caseNo}.${kind}`
}

export function readReference(reference: string): { caseNo: string; kind: PaperKind } | null {
  const [caseNo = '', kind] = reference.split('.')
  const known = PaperKind.safeParse(kind)
  return known.success ? { caseNo, kind: known.data } : null
}

export function demoPapers(facts: PaperFacts): FoundDocument[] {
  const { demoCase } = facts
  const wordings = [receipt, acceptance, supplement, returned, notAccepted]
    .map((wording) => wording(facts))
    .filter((wording) => wording !== null)
  const { caseNo } = demoCase
  const papers = wordings.map((wording): FoundDocument => {
    const { kind, title } = wording
    return { reference: paperReference(caseNo, kind), kind, title, pages: PAGES, form: form(facts, wording) }
  })
  if (demoCase.result !== null && (demoCase.state === 'ready' || demoCase.state === 'refused')) {
    const reference = paperReference(caseNo, 'result')
    papers.push({ reference, kind: 'result', title: demoCase.result, pages: PAGES, form: null })
  }
  return papers
}

function form(facts: PaperFacts, wording: Wording): PaperForm {
  const { demoCase, applicant, today, calendars } = facts
  const issuedAt = hallInstant(wording.issued, today, calendars)
  const number = `〔${issuedAt.slice(0, 4)}〕${demoCase.caseNo.slice(-6)}号`
  return {
    title: wording.title,
    documentNumber: wording.series === null ? null : `云溪${wording.series}${number}`,
    caseNo: demoCase.caseNo,
    itemName: demoCase.itemName,
    applicantMasked: maskName(applicant.name),
    phoneMasked: applicant.phoneMasked,
    office: demoCase.office,
    statements: wording.statements,
    materials: wording.materials,
    legalBasis: wording.legalBasis,
    issuedAt,
    issuedBy: `${demoCase.contact.name}（${demoCase.contact.window}号窗口）`,
    questionPhone: demoCase.contact.phone,
    objection: wording.objection,
  }
}

function receipt({ demoCase, today, calendars }: PaperFacts): Wording {
  return {
    kind: 'receipt',
    title: '收件凭证',
    series: null,
    issued: demoCase.received,
    statements: [
      `您办理“${demoCase.itemName}”的材料，已于${day(demoCase.received, today, calendars)}${demoCase.received.time}收下，清单附后，请核对。`,
      '收件不代表受理：材料核对清楚后，会另外告诉您受理还是不受理，以及几天办结。',
      '凭条码或二维码，可以在24小时自助终端和手机上查进度，昼夜都行。',
    ],
    materials: demoCase.materials,
    legalBasis: [],
    objection: null,
  }
}

function acceptance({ demoCase, today, calendars }: PaperFacts): Wording | null {
  const { accepted, kind, state } = demoCase
  if (accepted === null || kind === 'immediate' || state === 'supplement') return null
  const acceptedOn = addWorkingDays(today, accepted.workingDays, calendars)
  const due = dueInWords(acceptedOn, demoCase.promisedDays, calendars)
  return {
    kind: 'acceptance',
    title: '受理通知书',
    series: '受',
    issued: accepted,
    statements: [
      `您申请的“${demoCase.itemName}”材料齐全、符合规定，已于${dateInWords(acceptedOn)}受理。`,
      `${statutoryLimit(demoCase)}我们承诺${demoCase.promisedDays}个工作日内办结，从受理的次日起算，也就是不晚于${due}答复您。`,
      '依法需要听证、检验、鉴定、专家评审或者公告的，所需时间不算在期限里，会另外告诉您。',
      ...(kind === 'joint' ? ['这件事由几个部门一起办，您不用分头去跑，只认本窗口就行。'] : []),
      `想问办到哪一步，请拨打${demoCase.contact.phone}找${demoCase.contact.name}，或者扫条码自己查。`,
    ],
    materials: demoCase.materials,
    legalBasis: demoCase.legalBasis,
    objection: OBJECT_TO_HANDLING,
  }
}

function supplement({ demoCase, today, calendars }: PaperFacts): Wording | null {
  const { accepted, supplementDays } = demoCase
  if (demoCase.state !== 'supplement' || accepted === null || supplementDays === null) return null
  const acceptedOn = addWorkingDays(today, accepted.workingDays, calendars)
  const due = dueInWords(acceptedOn, supplementDays, calendars)
  return {
    kind: 'supplement',
    title: '补办件通知书',
    series: '补',
    issued: accepted,
    statements: [
      `您申请的“${demoCase.itemName}”主要材料齐全，已于${dateInWords(acceptedOn)}容缺受理。`,
      `还差下面${demoCase.missing.length}样，请在${due}前补来，可以送到${demoCase.contact.window}号窗口，也可以寄来：`,
      ...demoCase.missing.map(({ material, reason }, index) => `${index + 1}. ${material}：${reason}。`),
      `期限从材料补齐之日起算：${statutoryLimit(demoCase)}我们承诺${demoCase.promisedDays}个工作日内办结。`,
      '到期还没补齐，我们会先打电话问您；实在补不了的，按退回处理，不影响您以后再办。',
    ],
    materials: demoCase.missing.map(({ material }) => ({ name: material, source: '申请人补交' })),
    legalBasis: demoCase.legalBasis,
    objection: OBJECT_TO_HANDLING,
  }
}

function returned(facts: PaperFacts): Wording | null {
  const { demoCase, today, calendars } = facts
  if (demoCase.state !== 'returned') return null
  const issued = lastDone(demoCase)
  return {
    kind: 'return',
    title: '退回件通知书',
    series: '退',
    issued,
    statements: [
      `您申请的“${demoCase.itemName}”已于${day(issued, today, calendars)}退回，交来的材料原样还给您。`,
      ...reasonsAndRemedy(demoCase),
    ],
    materials: demoCase.materials,
    legalBasis: demoCase.decisionBasis,
    objection: OBJECT_TO_RETURN,
  }
}

function notAccepted(facts: PaperFacts): Wording | null {
  const { demoCase, today, calendars } = facts
  if (demoCase.state !== 'not-accepted') return null
  const issued = lastDone(demoCase)
  return {
    kind: 'not-accepted',
    title: '不予受理通知书',
    series: '不受',
    issued,
    statements: [
      `您申请的“${demoCase.itemName}”，经核对，于${day(issued, today, calendars)}决定不予受理。`,
      ...reasonsAndRemedy(demoCase),
    ],
    materials: demoCase.materials,
    legalBasis: [...demoCase.decisionBasis, ...APPEAL_BASIS],
    objection: APPEAL,
  }
}

function reasonsAndRemedy({ reasons, remedy }: DemoCase): string[] {
  const told = reasons.length === 1 ? reasons : reasons.map((reason, index) => `${index + 1}. ${reason}`)
  const [first = '', ...others] = told
  return [`理由：${first}`, ...others, ...(remedy === null ? [] : [`怎样就能办：${remedy}`])]
}

function statutoryLimit({ statutoryDays }: DemoCase): string {
  return statutoryDays === null ? '' : `法定期限是${statutoryDays}个工作日，`
}

function lastDone({ steps, received }: DemoCase): RelativeTime {
  return steps.findLast(({ at }) => at !== null)?.at ?? received
}

function day(at: RelativeTime, today: string, calendars: readonly Calendar[]): string {
  return dateInWords(addWorkingDays(today, at.workingDays, calendars))
}

/** A day that may still move says so: whoever counts on it has to know. */
function dueInWords(from: string, days: number, calendars: readonly Calendar[]): string {
  const { day: due, provisional } = workingDeadline(from, days, calendars)
  const year = due.slice(0, 4)
  return provisional ? `${dateInWords(due)}（${year}年放假安排公布后以公布的为准）` : dateInWords(due)
}
