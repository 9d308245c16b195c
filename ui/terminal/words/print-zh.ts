import type { PrintJobView, PrintPaper } from '../../../device/http/contract.ts'

export const printWordsZh = {
  preparing: '正在准备',
  sending: '正在打印',
  pages: (pages: number) => `共 ${pages} 页`,
  comesOut: {
    a4: '纸从机器下方的出纸口出来',
    receipt: '小票从屏幕下方的小票口出来',
  } satisfies Record<PrintPaper, string>,
  papers: {
    guide: '办事指南',
    receipt: '收件凭证',
    acceptance: '受理通知书',
    supplement: '补办件通知书',
    return: '退回件通知书',
    'not-accepted': '不予受理通知书',
    result: '办理结果',
  } satisfies Record<PrintJobView['kind'], string>,
  waitForIt: '请等打印完再离开',
  stages: { preparing: '准备', sending: '打印' },

  confirmed: '打印好了',
  confirmedHint: { a4: '请从下方出纸口取走', receipt: '请从小票口取走' } satisfies Record<PrintPaper, string>,
  probable: '应该打印好了',
  probableHint: {
    a4: '请看看下方出纸口，取走您的材料',
    receipt: '请看看小票口，取走您的小票',
  } satisfies Record<PrintPaper, string>,
  unknown: '请看看出纸口',
  unknownHint: '打印机没有说清楚，纸可能已经出来，也可能没有。为了不重复打印，机器不会自己再打一次。',
  failed: '没有打印出来',
  reasons: {
    'paper-out': '打印机没有纸了。',
    'cover-open': '打印机的盖子没有合好。',
    cutter: '打印机的切纸刀卡住了。',
    mechanical: '打印机卡住了。',
    offline: '打印机没有联机。',
  } as Record<string, string>,
  otherReason: '打印机出了故障。',
  failedWhatToDo: '您可以稍后再试，或到下面的窗口打印。',
  nothingCameOut: '没有出纸',
  nothingTitle: '知道了，没有出纸',
  nothingRetry: '可以再打印一次。只再打这一次，不会多出来。',
  nothingNoRetry: '这份材料不再重打，请到下面的窗口领取。已经记下来，会有人来检查机器。',
  again: '再打印一次',
}
