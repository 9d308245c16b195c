import { ratingWordsZh } from '../../shared/rating/words/zh.ts'

/** Words of the rating pad. The other languages have the same keys: a missing one does not compile. */
export const zh = {
  ...ratingWordsZh,
  title: '窗口评价器',

  window: '窗口',
  windowNumber: (window: string) => `${window} 号窗口`,
  staffNumber: (staffId: string) => `工号 ${staffId}`,
  stars: (count: number) => `${count} 星`,
  partyBadge: '共产党员',
  nowServing: '正在办理',
  noticePosition: (place: number, count: number) => `公告 ${place} / ${count}`,
  noticePart: (part: number, of: number) => `本条公告分 ${of} 段，现在是第 ${part} 段`,

  notEnrolled: '尚未启用',
  notEnrolledHint: '这台评价器还没有登记到大厅。请技术员用登记码启用它，办事请直接向窗口说明。',
  callTechnician: (phone: string) => `联系电话 ${phone}`,

  paused: '本窗口暂停服务',
  pausedElsewhere: '请到这些窗口办理',
  pausedAsk: '要去哪里办，请问这里',

  question: '这次办事，您觉得怎么样？',
  questionShort: '您觉得怎么样？',
  staffCannotSee: '工作人员看不到您的选择',
  staffCannotSeeShort: '工作人员看不到',
  orPress: '也可以按旁边的评价键',
  thisMatter: '本次办理',
  largeType: '大字',
  otherLanguage: 'English',

  labelsQuestion: '哪些说到了您心里？',
  more: '更多',
  write: '想说几句',
  wordsLabel: '您的话',
  wordsPlaceholder: '哪里好，哪里可以更好',

  declined: '好的，不打扰您',
  declinedHint: '祝您今天一切顺利',
  alreadyRated: '这件事已经评过了，谢谢您',
  alreadyRatedHint: (phone: string | null) =>
    phone ? `每件事评价一次。还有话想说，请拨 ${phone}` : '每件事评价一次。还有话想说，请告诉大厅服务台',
}

export type Words = typeof zh
