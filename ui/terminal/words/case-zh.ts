import type { PaperKind } from '../../../device/http/contract.ts'

export const caseWordsZh = {
  number: (caseNo: string) => `办件编号 ${caseNo}`,
  applicant: (name: string) => `申请人 ${name}`,
  kind: { immediate: '即办件', promised: '承诺件', joint: '联办件' },
  byReceipt: '凭回执可以看进度、打印回执和通知；结果要凭身份证领取。',

  // What can be done now
  collectAt: (where: string) => `领取地点：${where}`,
  collectNeeds: (needs: string) => `需要带：${needs}`,
  missingCount: (count: number) => `还缺 ${count} 份材料`,
  overdueBadge: '已超期',

  // Limits
  limits: '办理时限',
  statutory: (days: string) => `法定 ${days}`,
  promisedBy: (day: string) => `承诺 ${day}前办好`,
  runsSince: (day: string) => `从 ${day}开始计时`,
  standsStill: '现在不计时',
  overdue: (day: string) => `已经超过承诺的 ${day}`,
  mustAct: (who: string) => `应由 ${who} 办理`,

  steps: '办理过程',
  doneAt: (day: string, time: string) => `${day} ${time}`,
  current: '正在进行',
  yourTurn: '等您来办',
  toCome: '待办',
  missing: '还缺的材料',
  reasons: '原因',
  remedy: '怎么办',
  collect: '领取结果',
  contact: '联系人',
  contactLine: (name: string, window: string, phone: string) => `${name}，${window}，电话 ${phone}`,

  papers: '可以打印的材料',
  noPapers: '这件事现在没有可以在这里打印的材料',
  pages: (pages: number) => `${pages} 页`,
  onA4: 'A4 纸',
  onReceipt: '小票纸',
  notPrintable: '现在打印不了，请到窗口',
  paperKinds: {
    receipt: '收件凭证',
    acceptance: '受理通知书',
    supplement: '补办件通知书',
    return: '退回件通知书',
    'not-accepted': '不予受理通知书',
    result: '办理结果',
  } satisfies Record<PaperKind, string>,
}
