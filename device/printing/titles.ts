import type { PaperKind } from '../../sync/protocol/cases.ts'

/** What a job is called everywhere: the kind of paper, so that a ledger, a spool or a log tells of nobody. */
const titles: Record<PaperKind | 'guide', string> = {
  guide: '办事指南',
  receipt: '收件凭证',
  acceptance: '受理通知书',
  supplement: '补办件通知书',
  return: '退回件通知书',
  'not-accepted': '不予受理通知书',
  result: '办理结果',
}

export type PrintedKind = keyof typeof titles

export const titleOf = (kind: PrintedKind): string => titles[kind]
