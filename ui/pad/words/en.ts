import { ratingWordsEn } from '../../shared/rating/words/en.ts'
import type { Words } from './zh.ts'

export const en: Words = {
  ...ratingWordsEn,
  title: 'Rating pad',

  window: 'Window',
  windowNumber: (window) => `Window ${window}`,
  staffNumber: (staffId) => `No. ${staffId}`,
  stars: (count) => (count === 1 ? '1 star' : `${count} stars`),
  partyBadge: 'CPC member',
  nowServing: 'Now serving',
  noticePosition: (place, count) => `Notice ${place} of ${count}`,
  noticePart: (part, of) => `Part ${part} of ${of} of this notice`,

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
  staffCannotSeeShort: 'Hidden from staff',
  orPress: 'You can also press a key beside the screen',
  thisMatter: 'Your matter',
  largeType: 'Larger',
  otherLanguage: '中文',

  labelsQuestion: 'Which of these apply?',
  more: 'More',
  write: 'Comment',
  wordsLabel: 'Your words',
  wordsPlaceholder: 'What was good, what could be better',

  declined: 'No problem at all',
  declinedHint: 'Have a good day',
  alreadyRated: 'This was rated already. Thank you',
  alreadyRatedHint: (phone) =>
    phone
      ? `Each matter is rated once. To say more, call ${phone}`
      : 'Each matter is rated once. To say more, please ask at the service desk',
}
