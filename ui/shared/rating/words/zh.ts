import type { Level } from '../../../../device/http/contract.ts'

/** What is said of a rating in the same words at a window and at a terminal. */
export const ratingWordsZh = {
  choices: '五个选择',
  /** In two parts where it may break over two lines. */
  levels: {
    'very-satisfied': ['非常', '满意'],
    satisfied: ['满意'],
    'fairly-satisfied': ['基本', '满意'],
    dissatisfied: ['不满意'],
    'very-dissatisfied': ['非常', '不满意'],
  } satisfies Record<Level, string[]>,
  levelJoint: '',
  notNow: '暂不评价',
  anonymous: '匿名',
  notKept: '没有记上，请再点一次',

  labelsHint: '可多选，也可以直接完成',
  labels: '标签',
  finish: '完成',
  closingSoon: '过一会儿这一页会自己收好',

  thanks: '谢谢您',
  thanksHint: '您的评价已经收好',
}

export type RatingWords = typeof ratingWordsZh
