import { ratingWordsEn as sharedWords } from '../../shared/rating/words/en.ts'
import type { Words } from './zh.ts'

export const ratingWordsEn: Words['rating'] = {
  ...sharedWords,
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

  mayFollowUp: 'Rated once; you may rate it once more',
  followUp: 'You rated this before. Now that it has been looked into, you may rate it this once more',

  question: 'How was it?',
  justNow: 'What you have just done at this machine',
  staffCannotSee: 'Your choice to answer. Staff cannot see it',

  labelsTitle: 'Which of these apply?',
  write: 'Add a few words',

  wordsTitle: 'In your own words',
  wordsHint: 'Read only by those who handle ratings; please write no ID number',
  wordsLabel: 'Your words',
  wordsPlaceholder: 'What was good, what could be better',

  ratedBefore: 'This was rated already. Thank you',
  serviceRatedBefore: 'You have rated already. Thank you',
  ratedBeforeHint: 'Each matter is rated once. To say more, leave feedback here or call',
}
