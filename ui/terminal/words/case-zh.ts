import type { PaperKind } from '../../../device/http/contract.ts'

export const caseWordsZh = {
  number: (caseNo: string) => `办件编号 ${caseNo}`,
  applicant: (name: string) => `申请人 ${name}`,
  kind: { immediate: '即办件', promised: '承诺件', joint: '联办件' },
  byReceipt: '凭回执可以看进度、打印回执和通知；结果要凭申请人的身份证。',
  byReceiptCard: '凭回执可以看进度、打印回执和通知。要看结果，请申请人现在把身份证平放在读卡区。',
  cardExpired:
    '您的身份证已过有效期。进度和材料照样可以看、可以打印；开证明、取件由大厅决定能不能办，请尽快换证。',

  // What can be done now
  collectAt: '领取地点：',
  collectNeeds: '需要带：',
  missingCount: (count: number) => `还缺 ${count} 份材料`,
  overdueBadge: '已超期',

  // Limits
  limits: '办理时限',
  statutory: (days: string) => `法定 ${days}`,
  promisedBy: (day: string) => `承诺 ${day}前办好`,
  runsSince: (day: string) => `从 ${day}开始计时`,
  daysLeft: (days: string) => `还有 ${days}`,
  lastDay: '今天是最后一天',
  provisional: '暂定：下一年的放假安排还没有公布，日期可能变动',
  standsStill: {
    received: '受理以后开始计时',
    supplement: '材料补齐那天起计时',
    'special-procedure': '正在走特别程序（如听证、检验、检测、鉴定、专家评审），这段时间不计入时限',
    other: '现在不计时',
  },
  overdue: (day: string) => `已经超过承诺的 ${day}`,
  mustAct: (who: string) => `现在应由 ${who} 办理`,
  consented: (day: string) => `按规定超时默认：从 ${day}起，视为同意。请凭这条向联系人办理。`,

  steps: '办理过程',
  doneAt: (day: string, time: string) => `${day} ${time}`,
  current: '正在进行',
  yourTurn: '等您来办',
  toCome: '待办',
  missing: '还缺的材料',
  reasons: '原因',
  remedy: '怎么办',
  collect: '领取结果',
  taken: '已经取走',
  takenFrom: '已登记取走，取件地点：',
  notTaken: '没有拿到，或者不是您取的，请马上问下面的联系人。',
  contact: '联系人',
  contactLine: (name: string, window: string, phone: string) => `${name}，${window}，电话 ${phone}`,

  papers: '可以打印的材料',
  noPapers: '这件事现在没有可以在这里打印的材料',
  pages: (pages: number) => `${pages} 页`,
  onA4: 'A4 纸',
  onReceipt: '小票纸',
  paperKinds: {
    receipt: '收件凭证',
    acceptance: '受理通知书',
    supplement: '补办件通知书',
    return: '退回件通知书',
    'not-accepted': '不予受理通知书',
    result: '办理结果',
  } satisfies Record<PaperKind, string>,
}
