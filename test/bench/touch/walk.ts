/** A walk that touches every service, as a list of touches and of what comes in between. */
import type { TerminalBench } from '../../browser/bench.ts'
import type { Watched } from './stopwatch.ts'

export type Touch = (what: string, name: string | RegExp, watched?: Watched) => Promise<void>

/** Rows that were found for the letters so far: they come with each key. */
const FOUND: Watched = { selector: '.found > *' }
const LANGUAGE: Watched = { selector: 'html', attribute: 'lang' }
const TYPE: Watched = { selector: 'html', attribute: 'data-type' }
const CHOSEN_TAG: Watched = { selector: '.tag[aria-pressed="true"]' }

/** 张小雨's passport, in the locker. */
const PASSPORT_CASE = 'YX2026110007K3'
const PASSPORT = '普通护照申领'
const DUTY_DESK = '24小时值班服务'

export async function walk(terminal: TerminalBench, touch: Touch): Promise<void> {
  const wake = () => touch('home', '轻触屏幕开始')
  const leave = async () => {
    await touch('ending', '结束')
    await terminal.seesView('rest')
  }

  await wake()
  await touch('preferences', '大字', TYPE)
  await touch('preferences', '大字', TYPE)
  await touch('preferences', 'English', LANGUAGE)
  await touch('preferences', '中文', LANGUAGE)
  await touch('guides', '办事指南')
  await touch('guides', '出行证照')
  await touch('guide', PASSPORT)
  await touch('guides', '返回')
  await touch('guides', '返回')
  await touch('guide-search', '输入名称或拼音查找')
  for (const letter of 'sfzb') await touch('search key', letter, FOUND)
  await touch('search key', '清空', FOUND)
  for (const letter of 'hz') await touch('search key', letter, FOUND)
  await touch('guide', new RegExp(`^${PASSPORT}`))
  await leave()

  await terminal.putCard('zhang')
  await terminal.seesView('papers')
  await touch('case', new RegExp(PASSPORT))
  await touch('papers', '返回')
  await touch('paper-choice', '选材料打印')
  await touch('papers', '返回')
  await touch('proofs', '开具证明')
  await touch('papers', '返回')
  terminal.liftCard()
  await leave()

  await wake()
  await touch('present', '进度查询')
  terminal.scan(PASSPORT_CASE)
  await terminal.seesView('case')
  await touch('home', '返回')
  await touch('present', '凭条取件')
  await leave()

  await wake()
  await touch('queue', '取号')
  await terminal.seesView('queue')
  await touch('ticket-ways', DUTY_DESK)
  await touch('ticket-code', '过号了，重新取')
  await touch('ticket-ways', '返回')
  await touch('ticket', '取号')
  await terminal.seesView('ticket')
  await terminal.receipts.next()
  await touch('rate', '办别的事')
  await touch('home', '暂不评价')
  await leave()

  await wake()
  await touch('feedback', '反映与评价')
  await touch('feedback-ground', '事情没办成')
  await touch('feedback-form', '跑了好几趟还没办成')
  await touch('feedback-item', /^什么事项/)
  await touch('feedback-search', '打字找')
  for (const letter of 'hz') await touch('search key', letter, FOUND)
  await touch('feedback-form', new RegExp(`^${PASSPORT}`))
  await touch('feedback-place', /^哪个窗口/)
  await touch('feedback-place', '综合受理')
  await touch('feedback-form', '9 号')
  await touch('feedback-said', /^说说情况/)
  await touch('feedback-form', '写好了')
  await leave()

  await wake()
  await touch('feedback', '反映与评价')
  await touch('rate-present', '评价')
  await touch('rate', '只评价这台机器')
  await touch('rate-labels', '满意')
  await touch('rate-labels', '服务态度较好', CHOSEN_TAG)
  await touch('rate-words', '写几句话')
  await touch('rate-labels', '完成')
  await touch('rate-thanks', '完成')
  await terminal.seesView('home')
  await leave()
}
