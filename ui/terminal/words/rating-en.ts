import type { Words } from './zh.ts'

export const ratingWordsEn: Words['rating'] = {
  ofCase: 'Rate this matter',

  presentTitle: 'Which matter?',
  presentHint: 'Your receipt or ID card finds it',
  offlineTitle: 'Your matters cannot be looked up now',
  offlineText:
    'The line is down: rating by receipt has to wait. The receipt stays good; come again later, or rate at a window.',
  nothingReads: 'Neither the card reader nor the scanner works now. Please rate at a staffed window.',
  service: 'Rate this machine only',

  casesTitle: 'Which matter?',
  casesHint: 'Each is rated once',
  noCases: 'There is nothing to rate under this ID card',
  cases: 'Your matters',
  accepted: (day) => `Accepted on ${day}`,
  isRated: 'Rated already. Thank you',

  question: 'How was it?',
  justNow: 'What you have just done at this machine',
  staffCannotSee: 'Your choice to answer. Staff cannot see it',
  choices: 'Five choices',
  // As on the pad: words of one size, for "very dissatisfied" cannot stand beside "satisfied" in one weight.
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

  labelsTitle: 'Which of these apply?',
  labelsHint: 'Pick any, or press Done',
  labels: 'Labels',
  closingSoon: 'This page closes by itself after a while',
  write: 'Add a few words',
  finish: 'Done',

  wordsTitle: 'In your own words',
  wordsHint: 'Read only by those who handle ratings; please write no ID number',
  wordsLabel: 'Your words',
  wordsPlaceholder: 'What was good, what could be better',

  thanks: 'Thank you',
  thanksHint: 'Your rating is safely kept',
  ratedBefore: 'This was rated already. Thank you',
  serviceRatedBefore: 'You have rated already. Thank you',
  ratedBeforeHint: 'Each matter is rated once. To say more, leave feedback here or call',
}
