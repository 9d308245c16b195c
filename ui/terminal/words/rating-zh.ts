import { ratingWordsZh as sharedWords } from '../../shared/rating/words/zh.ts'

/** Rating at a terminal; the pad has words of its own, for a citizen at a window. */
export const ratingWordsZh = {
  ...sharedWords,
  ofCase: '评价这件事',

  presentTitle: '评价哪一件事？',
  presentHint: '凭收件回执或身份证，找到您办的事',
  offlineTitle: '现在查不到办过的事',
  offlineText: '网络断了，凭回执的评价要等网络恢复。回执一直有效，过后再来，或到窗口都可以评。',
  nothingReads: '读卡器和扫码器暂时都不能用，请到人工窗口评价。',
  service: '只评价这台机器',

  casesTitle: '评价哪一件？',
  casesHint: '每件事评价一次',
  noCases: '这张身份证名下，本大厅没有可以评价的事',
  cases: '办过的事',
  accepted: (day: string) => `${day}受理`,
  isRated: '已经评过，谢谢您',

  mayFollowUp: '评过一次，可以再评一次',
  followUp: '您以前评过这件事。处理以后觉得怎么样，可以再评这一次',

  question: '您觉得怎么样？',
  justNow: '刚才在这台机器上办的事',
  staffCannotSee: '自愿评价，工作人员看不到您的选择',

  labelsTitle: '哪些说到了您心里？',
  write: '写几句话',

  wordsTitle: '您想说什么？',
  wordsHint: '只有大厅管评价的人看得到；请不要写身份证号',
  wordsLabel: '您的话',
  wordsPlaceholder: '哪里好，哪里可以更好',

  ratedBefore: '这件事已经评过了，谢谢您',
  serviceRatedBefore: '您已经评过了，谢谢您',
  ratedBeforeHint: '每件事评价一次。还有话想说，可以反映，也可以打电话',
}
