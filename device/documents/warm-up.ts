import type { Guide, Hall } from '../../sync/protocol/content.ts'
import type { DocumentRequest } from './request.ts'

const HALL: Hall = {
  name: '政务服务中心',
  nameEnglish: 'Service centre',
  area: '大厅',
  areaEnglish: 'Hall',
  address: '一楼',
  hours: [{ weekdays: [1], opens: '09:00', closes: '17:00' }],
  helpPhone: '12345',
  helpPhoneNote: '昼夜',
  helpPhoneNoteEnglish: 'Day and night',
  disciplinePhone: '12388',
  windows: [],
}

const GUIDE: Guide = {
  itemCode: '0'.repeat(31),
  baseCode: '0'.repeat(12),
  name: '办事指南',
  nameEnglish: 'Guide',
  initials: 'BSZN',
  office: '政务服务中心',
  lifeEvents: ['work'],
  kind: 'promised',
  audience: ['person', 'company'],
  legalBasis: [{ title: '《中华人民共和国行政许可法》', clause: '第三十条' }],
  conditions: ['符合规定，材料齐全'],
  materials: [
    { name: '居民身份证', originals: 1, copies: 1, source: 'applicant', mayFollow: true, note: '核对后退还' },
    { name: '申请表', originals: 1, copies: 0, source: 'form', mayFollow: false, note: null },
  ],
  steps: [
    { name: '申请受理', what: '到窗口提交材料，当场核对', workingDays: null },
    { name: '审核办结', what: '办结后告知您', workingDays: 1 },
  ],
  statutoryWorkingDays: 20,
  promisedWorkingDays: 1,
  result: '办理结果',
  fee: { amount: '不收费', basis: '国家未设此项收费' },
  forWhom: '需要办理的人。',
  applyBy: ['window', 'online'],
  place: '政务服务中心1楼',
  hours: '工作日 8:30–12:00，13:30–17:00',
  questionPhone: '12345',
  complaintPhone: '12345',
  faq: [{ question: '要等多久？', answer: '承诺的时间里办结。' }],
  version: '2026.01',
}

const PRINTED_AT = new Date('2026-01-05T09:00:00+08:00')

/**
 * Nobody's papers, one of each sort, set once at start: the first document of a process costs ten times the next
 * one, and no citizen should be the one who waits for it.
 */
export const WARM_UP: readonly DocumentRequest[] = [
  { paper: 'guide', guide: GUIDE, hall: HALL, printedAt: PRINTED_AT },
  {
    paper: 'case',
    kind: 'acceptance',
    form: {
      title: '受理通知书',
      documentNumber: '第1号',
      caseNo: 'W24',
      itemName: '办事指南',
      applicantMasked: '某*',
      phoneMasked: null,
      office: '政务服务中心',
      statements: ['材料齐全，符合规定，已经受理。'],
      materials: [{ name: '申请表', source: '现场填写' }],
      legalBasis: ['《中华人民共和国行政许可法》第三十二条'],
      issuedAt: '2026-01-05T09:00:00+08:00',
      issuedBy: '综合窗口',
      questionPhone: '12345',
      objection: '可以拨打12345。',
    },
    hall: HALL,
    printedAt: PRINTED_AT,
  },
  {
    paper: 'one-time-notice',
    notice: { guide: GUIDE, told: null },
    hall: HALL,
    printedAt: PRINTED_AT,
  },
  {
    paper: 'slip',
    slip: {
      kind: 'proof-slip',
      slip: {
        title: '证明',
        issuer: '政务服务中心',
        verificationCode: 'W24W',
        address: 'https://example.com/W24W',
        pages: 1,
        issuedAt: '2026-01-05T09:00:00+08:00',
      },
    },
    hall: HALL,
    printedAt: PRINTED_AT,
  },
]

/** Rounds until the compiler has been through most of it. */
export const WARM_UP_ROUNDS = 6

const ASCII_FIRST = 0x20
const ASCII_LAST = 0x7e
/** The 3,755 characters of GB 2312 level 1, which cover nearly all that papers say: rows 16 to 55. */
const LEVEL_1 = { firstRow: 0xb0, lastRow: 0xd7, firstCell: 0xa1, lastCell: 0xfe } as const
const SIGNS = '，。、；：？！（）《》“”〔〕【】·—–…￥'

/** Characters that are ready before anybody asks for a paper. */
export function commonCharacters(): string {
  const bytes: number[] = []
  for (let row: number = LEVEL_1.firstRow; row <= LEVEL_1.lastRow; row += 1) {
    for (let cell: number = LEVEL_1.firstCell; cell <= LEVEL_1.lastCell; cell += 1) bytes.push(row, cell)
  }
  const ascii = Array.from({ length: ASCII_LAST - ASCII_FIRST + 1 }, (_, index) => ASCII_FIRST + index)
  // The last row ends early; what is no character there comes out as U+FFFD.
  const hanzi = new TextDecoder('gb18030').decode(Uint8Array.from(bytes)).replace(/[^\p{Script=Han}]/gu, '')
  return String.fromCharCode(...ascii) + SIGNS + hanzi
}
