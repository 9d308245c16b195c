import type { Words } from './zh.ts'

export const en: Words = {
  title: 'Rating pad',

  window: 'Window',
  windowNumber: (window) => `Window ${window}`,
  staffNumber: (staffId) => `No. ${staffId}`,
  stars: (count) => (count === 1 ? '1 star' : `${count} stars`),
  partyBadge: 'CPC member',
  nowServing: 'Now serving',
  noticePosition: (place, count) => `Notice ${place} of ${count}`,

  notEnrolled: 'Not in service yet',
  notEnrolledHint:
    'This pad is not enrolled with the hall. A technician can enrol it with a code; for your own matter, please speak to the window.',
  callTechnician: (phone) => `Phone ${phone}`,

  paused: 'This window is paused',
  pausedElsewhere: 'Please go to one of these',
  pausedAsk: 'To ask where to go',

  question: 'How was the service today?',
  questionShort: 'How was the service?',
  staffCannotSee: 'Staff cannot see your choice',
  thisMatter: 'Your matter',
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
  largeType: 'Larger',
  otherLanguage: '中文',
  notKept: 'That was not recorded. Please touch once more',

  labelsQuestion: 'Which of these apply?',
  labelsHint: 'Pick any, or press Done',
  labels: 'Labels',
  more: 'More',
  finish: 'Done',
  closingSoon: 'This page closes by itself after a while',

  thanks: 'Thank you',
  thanksHint: 'Your rating is safely kept',
  declined: 'No problem at all',
  declinedHint: 'Have a good day',
  alreadyRated: 'This was rated already. Thank you',
  alreadyRatedHint: (phone) =>
    phone
      ? `Each matter is rated once. To say more, call ${phone}`
      : 'Each matter is rated once. To say more, please ask at the service desk',
}
