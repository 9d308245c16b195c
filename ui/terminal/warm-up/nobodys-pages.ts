/** One of each page that is often touched, as full as a page usually is, and about nobody. */
import type {
  CaseView,
  FeedbackForm,
  Guide,
  GuideEntry,
  QueueType,
  TerminalView,
} from '../../../device/http/contract.ts'

/** What a page shows is what its view says, but for these two. */
export type NobodysPage = Exclude<TerminalView, { name: 'rest' | 'not-enrolled' }>

const OFFICE = '市政务服务中心综合受理'
const DAY = '2026-01-05'
const MOMENT = `${DAY}T09:30:00+08:00`
const BOTH_PAPERS = { a4: true, receipt: true }

const of = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => one(n))

const entries: GuideEntry[] = of(6, (index) => ({
  itemCode: String(index),
  name: '居民身份证、护照、通行证申领与换发补领登记',
  nameEnglish: 'Applying for and renewing a document',
  office: OFFICE,
  kind: index % 2 === 0 ? 'promised' : 'immediate',
  promisedWorkingDays: index,
}))

const guide: Guide = {
  itemCode: '0'.repeat(31),
  baseCode: '0'.repeat(12),
  name: '居民身份证、护照申领与换发',
  nameEnglish: 'Applying for a document',
  initials: 'JMSFZ',
  office: OFFICE,
  lifeEvents: ['moving'],
  kind: 'promised',
  audience: ['person'],
  legalBasis: [{ title: '《中华人民共和国行政许可法》', clause: '第三十二条第一款' }],
  conditions: ['年满十六周岁，在本市居住的公民', '不在限制办理的期限之内'],
  materials: of(5, (index) => ({
    name: '本人有效身份证件、户口簿或者居住证明',
    originals: 1,
    copies: index,
    source: 'applicant',
    mayFollow: index === 1,
    note: '原件核对以后当场退还',
  })),
  steps: of(4, (index) => ({
    name: '申请受理、审查决定、制证送达',
    what: '到窗口提交材料，当场核对；材料不齐的一次告知补正的全部内容。',
    workingDays: index,
  })),
  statutoryWorkingDays: 20,
  promisedWorkingDays: 7,
  result: '证件',
  fee: { amount: '首次免费；换领每证20元', basis: '按国家规定的标准收取' },
  forWhom: '需要首次申领、到期换发或者遗失补领的人。',
  applyBy: ['window', 'online'],
  place: '市政务服务中心1楼综合受理区8号窗口',
  hours: '工作日 8:30–12:00，13:30–17:00',
  questionPhone: '12345',
  complaintPhone: '12345',
  faq: of(3, () => ({
    question: '可以请别人代办吗，要等多久？',
    answer: '本人到场办理；承诺的时间里办结。',
  })),
  version: '2026.01',
}

const lifeEvents = (
  ['birth', 'education', 'work', 'marriage', 'home', 'business', 'tax', 'health'] as const
).map((lifeEvent, count) => ({ lifeEvent, count }))
const offices = of(5, (count) => ({ office: `${OFFICE}${count}`, count }))
const groups = {
  lifeEvents,
  offices,
  lifeEvent: null,
  office: null,
  letters: '',
  nextLetters: [],
  guides: [],
}

const oneCase = (index: number): CaseView => ({
  caseNo: `W${index}`,
  itemCode: guide.itemCode,
  itemName: guide.name,
  kind: 'promised',
  state: index === 1 ? 'ready' : 'in-review',
  steps: ['收件', '受理', '审查', '决定', '送达'].map((name, step) => ({
    name,
    at: step < 3 ? MOMENT : null,
    who: OFFICE,
  })),
  acceptedAt: MOMENT,
  statutoryDays: 20,
  promisedBy: DAY,
  clockFrom: MOMENT,
  overdue: false,
  missing: [],
  reasons: [],
  remedy: null,
  contact: { name: '综合受理', window: '8', phone: '12345' },
  applicantMasked: '某*',
  openRating: 'first',
  pickup: {
    state: 'waiting',
    where: '24小时自助服务区取件柜，昼夜开放',
    needs: '本人居民身份证',
    at: 'locker',
  },
  papers: (['receipt', 'acceptance', 'result'] as const).map((kind) => ({
    paperId: kind,
    kind,
    title: '收件凭证、受理通知书、办理结果',
    pages: 2,
    onReceiptPaper: kind === 'receipt',
    lacks: null,
  })),
  workingDaysLeft: 5,
})
const cases = of(4, oneCase)

const queueType = (index: number): QueueType => ({
  businessType: String(index),
  name: '综合受理、不动产登记、公安户政',
  nameEnglish: 'General counter',
  area: '1楼东区8至12号窗口',
  areaEnglish: 'First floor, east',
  open: index < 4,
  opensAt: index < 4 ? null : MOMENT,
  waiting: index,
  waitMinutes: index * 5,
  quietHours: [{ from: '11:30', to: '13:00' }],
})
const queueTypes = of(5, queueType)

const items = of(6, (index) => ({
  itemCode: String(index),
  name: guide.name,
  nameEnglish: guide.nameEnglish,
  office: OFFICE,
}))

const form: FeedbackForm = {
  kind: 'report',
  ground: 'again-and-again',
  fields: ['ground', 'item', 'place', 'said', 'contact'],
  lacks: ['said'],
  item: null,
  place: 'unknown',
  day: null,
  slot: null,
  reasons: [],
  words: '',
  named: null,
  nameMasked: null,
  phoneMasked: null,
  answer: { day: DAY, provisional: false, workingDays: 1 },
}

const found = { query: 'sfz', found: entries.length, near: false }

/** In the order in which most citizens meet them. */
export const nobodysPages: readonly NobodysPage[] = [
  { name: 'home' },
  { name: 'present', service: 'progress', accepts: ['card', 'code'], problem: null },
  { name: 'looking-up', by: 'card' },
  { name: 'papers', personMasked: '某*', cases, printable: 9, proofs: 'works' },
  { name: 'case', personMasked: '某*', provedBy: 'card', case: oneCase(1) },
  {
    name: 'paper-choice',
    papers: cases.flatMap(({ caseNo, itemName, papers }) =>
      papers.map((paper) => ({ ...paper, caseNo, itemName, paperId: caseNo + paper.paperId, chosen: true })),
    ),
  },
  {
    name: 'proofs',
    offers: of(4, (index) => ({
      kind: String(index),
      title: '社会保险、住房公积金、不动产登记证明',
      titleEnglish: 'Proof',
      issuer: OFFICE,
      issuerEnglish: 'Office',
      note: '可以查到最近两年的记录，盖有电子印章',
      noteEnglish: 'Two years',
    })),
    works: 'works',
  },
  { name: 'guides', by: 'life-event', ...groups, printable: BOTH_PAPERS },
  { name: 'guides', by: 'office', ...groups, office: OFFICE, guides: entries, printable: BOTH_PAPERS },
  { name: 'guide-search', ...found, guides: entries, printable: BOTH_PAPERS },
  { name: 'guide', guide, forms: [], noticeVersion: '2026.01', printable: BOTH_PAPERS },
  { name: 'waiting', awaited: 'queue' },
  { name: 'queue', types: queueTypes },
  { name: 'ticket-ways', type: queueType(0), personMasked: null, acceptsCard: true, problem: null },
  { name: 'ticket-code', type: queueType(0), of: 'missed', acceptsCode: true, scanned: null },
  {
    name: 'ticket',
    type: queueType(0),
    ticket: { number: 'A000', waiting: 4, area: '1楼', priority: null },
    slip: {
      job: { jobId: 'w', kind: 'queue-ticket', paper: 'receipt', pages: null },
      state: 'confirmed',
      reason: null,
      canReportNothing: false,
      again: null,
    },
  },
  { name: 'rate', about: { kind: 'service' }, anonymous: false, notKept: false },
  {
    name: 'rate-labels',
    labels: of(7, (index) => ({ code: String(index), text: '服务态度、办事效率、一次办好' })),
    chosen: [],
    words: '',
    anonymous: false,
    notKept: false,
  },
  { name: 'rate-thanks' },
  { name: 'feedback', begun: null },
  { name: 'feedback-ground', kind: 'report', chosen: null },
  { name: 'feedback-form', form, notKept: null },
  { name: 'feedback-item', by: 'life-event', lifeEvents, offices, group: null, items: [] },
  { name: 'feedback-item', by: 'office', lifeEvents, offices, group: OFFICE, items },
  { name: 'feedback-search', ...found, items },
  {
    name: 'feedback-place',
    kind: 'report',
    offices: of(4, (index) => ({
      office: `${OFFICE}${index}`,
      officeEnglish: 'Office',
      floor: '1楼',
      windows: ['1', '2'],
    })),
    office: null,
  },
  {
    name: 'feedback-said',
    ground: 'again-and-again',
    offered: ['told-in-parts', 'between-offices'],
    reasons: [],
    words: '',
  },
  {
    name: 'rate-present',
    accepts: ['code', 'card'],
    online: true,
    service: true,
    problem: null,
  },
  { name: 'ending', cardOnReader: false },
]
