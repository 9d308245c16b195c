import type { RatingWords } from './zh.ts'

export const ratingWordsEn: RatingWords = {
  choices: 'Five choices',
  // 非常满意 … 非常不满意 in words of one size: "very dissatisfied" cannot stand beside "satisfied" in one weight.
  levels: {
    'very-satisfied': ['Very', 'good'],
    satisfied: ['Good'],
    'fairly-satisfied': ['Fair'],
    dissatisfied: ['Poor'],
    'very-dissatisfied': ['Very', 'poor'],
  },
  levelJoint: ' ',
  notNow: 'Not now',
  anonymous: 'Anonymous',
  notKept: 'That was not recorded. Please touch once more',

  labelsHint: 'Pick any, or press Done',
  labels: 'Labels',
  finish: 'Done',
  closingSoon: 'This page closes by itself after a while',

  thanks: 'Thank you',
  thanksHint: 'Your rating is safely kept',
}
