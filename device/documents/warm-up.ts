import type { DocumentRequest } from './request.ts'

/**
 * Nobody's paper, set once at start: the first document of a process costs ten times the next one, and no citizen
 * should be the one who waits for it.
 */
export const WARM_UP: DocumentRequest = {
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
  hall: {
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
  },
  printedAt: new Date('2026-01-05T09:00:00+08:00'),
}
